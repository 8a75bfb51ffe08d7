/** Files of runs of Weights & Biases; the second group is the id of the run. */
export const FILE =
  /(^|\/)(?:offline-)?run-\d{8}_\d{6}-([A-Za-z0-9_-]{1,128})\/(?:files\/(?:config\.yaml|wandb-metadata\.json|wandb-summary\.json|requirements\.txt)|run-[A-Za-z0-9_-]{1,128}\.wandb)$/;

export const isOfRun = (path: string): boolean => FILE.test(path);
