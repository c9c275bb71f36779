import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { errorKind } from '../logging/error-kind.js';

type FactClass<F extends object> = abstract new (...args: never[]) => F;
type Listener<F> = (fact: F) => void | Promise<void>;

/**
 * Typed facts over `@nestjs/event-emitter`: the class is the name, so a listener's argument cannot drift from it.
 * A listener that throws or rejects is reported and isolated: neither the publisher nor another listener notices.
 * Listeners run in the order in which they subscribed; modules subscribe in `onModuleInit` and publish only after it.
 */
@Injectable()
export class EventBus {
  readonly #logger = new Logger(EventBus.name);

  constructor(private readonly emitter: EventEmitter2) {}

  /** Calls `listener` with every fact of this class, until the returned function is called. */
  on<F extends object>(type: FactClass<F>, listener: Listener<F>): () => void {
    const isolated = (fact: F): void => {
      void (async () => listener(fact))().catch((error: unknown) => {
        this.#logger.error(`a listener of ${type.name} failed: ${errorKind(error)}`);
      });
    };
    this.emitter.on(type.name, isolated);
    return () => void this.emitter.off(type.name, isolated);
  }

  publish(fact: object): void {
    this.emitter.emit(fact.constructor.name, fact);
  }
}
