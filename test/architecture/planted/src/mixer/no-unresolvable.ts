// @ts-expect-error: it is meant to lead nowhere
export * from './nowhere.js';
