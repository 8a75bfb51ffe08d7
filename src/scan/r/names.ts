/** Functions of R that do more than compute. Facts from the manuals of the packages base, utils, tools and parallel. */

export interface RHarm {
  readonly does: string;
  readonly verdict: 'malicious' | 'suspicious';
  readonly severity: 'critical' | 'high' | 'medium';
}

const ROWS: readonly (RHarm & { readonly names: string })[] = [
  {
    does: 'runs programs',
    verdict: 'malicious',
    severity: 'critical',
    names: 'system system2 shell shell.exec pipe processx::run sys::exec_wait sys::exec_background callr::r',
  },
  {
    does: 'loads machine code',
    verdict: 'malicious',
    severity: 'critical',
    names: 'dyn.load library.dynam',
  },
  {
    does: 'fetches or sends over the network',
    verdict: 'suspicious',
    severity: 'high',
    names:
      'download.file download.packages install.packages remotes::install_github url socketConnection serverSocket socketAccept curlGetHeaders nsl browseURL make.socket read.socket write.socket url.show httr::GET httr::POST curl::curl_fetch_memory curl::curl_download RCurl::getURL RCurl::postForm',
  },
  {
    does: 'runs code from files',
    verdict: 'suspicious',
    severity: 'high',
    names: 'source sys.source unserialize readRDS',
  },
  {
    does: 'changes files',
    verdict: 'suspicious',
    severity: 'high',
    names:
      'unlink file.remove file.rename file.copy file.append writeBin writeChar writeLines dir.create Sys.chmod file.symlink file.link save saveRDS dump sink',
  },
  {
    does: 'runs code later on its own',
    verdict: 'suspicious',
    severity: 'high',
    names:
      'reg.finalizer makeActiveBinding delayedAssign addTaskCallback setHook trace untrace assignInNamespace assignInMyNamespace unlockBinding',
  },
];

const HARMS: ReadonlyMap<string, RHarm> = new Map(
  ROWS.flatMap(({ names, ...harm }) =>
    names.split(' ').map((name): [string, RHarm] => [name.slice(name.includes('::') ? name.indexOf('::') + 2 : 0), harm]),
  ),
);

/** What calling a function of R does beyond computing. */
export const rHarm = (name: string): RHarm | undefined => HARMS.get(name);

/** Functions that take another one by its name. */
export const BY_NAME: ReadonlySet<string> = new Set(
  'do.call match.fun get get0 mget getFunction getExportedValue getFromNamespace getAnywhere Reduce Filter Map lapply sapply vapply mapply tapply outer as.name as.symbol call as.call'.split(
    ' ',
  ),
);
/** Functions that make a text of other values. */
export const MAKES_TEXT: ReadonlySet<string> = new Set(
  'paste paste0 rawToChar chartr intToUtf8 sprintf rev strtoi sub gsub substr base64_dec base64decode memDecompress URLdecode'.split(' '),
);
/** Functions that R calls by itself when a workspace is restored or left. */
export const HOOKS: ReadonlySet<string> = new Set(['.First', '.First.sys', '.Last', '.onLoad', '.onAttach', '.Rprofile']);
