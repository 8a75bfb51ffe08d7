import { describe, expect, it } from 'vitest';
import { collected } from '../support/collected.js';

const training = async (files: Readonly<Record<string, string>>) => (await collected(files)).subject?.training;
const values = async (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries((await training(files))?.metrics ?? {}).map(([name, { value }]) => [name, value]));

describe('what a training script writes down', () => {
  it('are metrics by their paths, and no series', async () => {
    const metrics = JSON.stringify({ accuracy: 0.9, test: { f1: 0.5, per_class: [0.1, 0.9] }, model: 'x', nan: null });
    expect(await values({ 'metrics.json': metrics })).toEqual({ accuracy: 0.9, 'test.f1': 0.5 });
  });
  it.each([
    ['history.csv', 'epoch,accuracy,loss,learning_rate\n0,0.5,1.25,0.01\n1,0.75,0.5,0.001\n'],
    ['training_log.csv', 'epoch;accuracy;loss;lr\r\n0;0.5;1;0.1\r\n1;0.75;0.5;0.01\r\n'],
  ])('may be a history, of which the end counts and a rate that decays does not: %s', async (name, content) => {
    expect(await values({ [name]: content })).toEqual({ epoch: 1, accuracy: 0.75, loss: 0.5 });
    expect((await training({ [name]: content }))?.hyperparameters).toBeUndefined();
  });
  it('may be the history of Keras as JSON', async () => {
    expect(await values({ 'history.json': '{"loss":[2,1.5],"lr":[0.1,0.01]}' })).toEqual({ loss: 1.5 });
  });
  it('may be a table of something else, or a broken one', async () => {
    expect(await training({ 'history.csv': 'date,price\n2020,1\n' })).toBeUndefined();
    expect(await training({ 'history.csv': 'epoch,loss\n1,2,3\n' })).toBeUndefined();
    expect((await collected({ 'metrics.json': '[' })).ids).toEqual(['metadata-unreadable']);
  });
  it('are arguments under canonical names', async () => {
    const found = await training({
      'training_args.json': '{"learning_rate":2e-5,"optim":"adamw_torch","output_dir":"/home/someone/x","seed":7}',
    });
    expect(found?.hyperparameters).toEqual({ learning_rate: 0.00002, optimizer: 'adamw_torch', seed: 7 });
    expect(await training({ 'training_args.json': '{"colour":"red"}' })).toBeUndefined();
  });
});

describe('emissions.csv of CodeCarbon', () => {
  const head = 'timestamp,run_id,duration,emissions,energy_consumed,country_name,cpu_model,codecarbon_version,longitude';
  const row = '2026-01-01T00:00:00,a,43200,1.5,3.25,Norway,"Intel, Xeon",2.8.0,10.7';
  it('says what one session took', async () => {
    const found = await training({ 'emissions.csv': `${head}\n${row}\n` });
    const methodology = 'CodeCarbon 2.8.0; country name: Norway; cpu model: Intel, Xeon';
    expect(found?.energy).toEqual({ kilowattHours: 3.25, methodology, carbon: { tonnesCo2Equivalent: 0.0015, methodology } });
    expect(found?.duration).toEqual({ wallClockDays: 0.5 });
  });
  it('of several says that there are several', async () => {
    const { subject, ids } = await collected({ 'emissions.csv': `${head}\n${row}\n${row}\n` });
    expect(subject?.training).toBeUndefined();
    expect(ids).toEqual(['several-runs']);
  });
});

it('what DVC calls metrics is read from where the pipeline names it', async () => {
  const pipeline =
    'metrics:\n- a.json\nstages:\n  train:\n    cmd: x\n    metrics:\n    - out/b.json:\n        cache: false\n    - ../c.json\n';
  expect(await values({ 'dvc.yaml': pipeline, 'a.json': '{"loss":1}', 'out/b.json': '{"auc":{"test":0.5}}' })).toEqual({
    loss: 1,
    'auc.test': 0.5,
  });
  expect(await values({ 'dvc.yaml': pipeline, 'dvc.lock': 'stages: {}\n', 'a.json': '{"loss":1}' })).toEqual({ loss: 1 });
});
