import type { Metrics } from '../metrics/metrics.js';
import type { QueryListener } from './database.js';

/** From a row of SQLite to the time after which Postgres counts as away. */
const DELAY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Registers the metrics of the database. @returns what counts a query */
export function queryMetrics(metrics: Metrics): QueryListener {
  const delay = metrics.histogram('database_query_seconds', 'how long the database took to answer', DELAY_BUCKETS_S);
  const failures = metrics.counter('database_failures_total', 'queries that the database did not carry out');
  return (durationMs, failed) => {
    delay.observe(durationMs / 1000);
    if (failed) failures.inc();
  };
}
