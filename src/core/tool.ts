/** This program, as it names itself in what it writes. */
export const TOOL = { name: 'msbom', version: '0.1.0' } as const;
