import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';

const intervals = new WeakMap<object, number>();

/**
 * Runs a provider's method every `everyMs`, from the start of the application until it shuts down. The method takes no
 * arguments and reports its own errors.
 */
export const Interval =
  (everyMs: number) =>
  <T extends () => unknown>(_prototype: object, _name: string, { value }: TypedPropertyDescriptor<T>): void => {
    if (value !== undefined) intervals.set(value, everyMs);
  };

/** Starts every `@Interval` method of the application's providers, and stops them all when it shuts down. */
@Injectable()
export class IntervalRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance === 'object' && instance !== null) this.start(instance as object);
    }
  }

  /** Starts the `@Interval` methods of one object. */
  start(instance: object): void {
    const prototype = Object.getPrototypeOf(instance) as Record<string, unknown> | null;
    if (prototype === null || prototype === Object.prototype) return;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const everyMs = intervals.get(prototype[name] as object);
      if (everyMs === undefined) continue;
      const call = (): void => void (instance as Record<string, () => unknown>)[name]?.();
      this.#timers.push(setInterval(call, everyMs).unref());
    }
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }
}
