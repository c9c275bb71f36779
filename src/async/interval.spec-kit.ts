import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { IntervalRunner } from './interval.js';

/** Runs the `@Interval` methods of objects that are made without Nest. */
export const intervalRunner = (): IntervalRunner =>
  new IntervalRunner(new DiscoveryService(new ModulesContainer()), new MetadataScanner());
