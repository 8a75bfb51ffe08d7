// Preload (`node --import`): writes the peak resident memory of a process in MB and the bytes that it read (Linux) to a file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  const io = existsSync('/proc/self/io') ? readFileSync('/proc/self/io', 'utf8') : '';
  writeFileSync(process.env.MSBOM_PEAK_FILE, `${process.resourceUsage().maxRSS / 1024} ${/^rchar: (\d+)/m.exec(io)?.[1] ?? 'NaN'}`);
});
