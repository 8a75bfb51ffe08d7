// Preload (`node --import`): tells the peak resident memory of a process in MB on a file descriptor of its parent's choice.
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.MSBOM_PEAK_FILE, String(process.resourceUsage().maxRSS / 1024)));
