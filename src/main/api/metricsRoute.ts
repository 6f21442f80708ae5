import type { FastifyInstance } from 'fastify';
import type { Clock } from '../engine/ports.ts';
import type { ApiSource } from './apiSource.ts';
import { answerWithin } from './askEngine.ts';
import { schemaOf } from './document.ts';
import { Metrics } from './metrics.ts';

/** Prometheus itself gives up after 10 s unless told otherwise. */
const ENGINE_LIMIT_MS = 2_000;

/**
 * Row G3. Scrapes that overlap are one, so that a scrape every 100 ms costs the engine one question at a time. An engine
 * that does not answer has no histograms, and `warmwire_engine_up` says 0: that is when the rest is wanted most.
 */
export function metricsRoute(server: FastifyInstance, source: ApiSource, clock: Clock): void {
  const metrics = new Metrics();
  let running: Promise<string> | null = null;

  const scrape = async (): Promise<string> => {
    const startedAt = performance.now();
    const outcome = await answerWithin(clock, ENGINE_LIMIT_MS, source.engine.scrape(null));
    const frame = outcome.ok ? outcome.value : { links: {} };
    return metrics.text(source, frame, (performance.now() - startedAt) / 1000);
  };
  server.get(
    '/metrics',
    {
      schema: schemaOf({
        summary: 'For Prometheus',
        tag: 'about',
        answer: { media: 'text/plain', about: 'The Prometheus text format, version 0.0.4.' },
      }),
    },
    async (_request, reply) => {
      running ??= scrape().finally(() => {
        running = null;
      });
      const text = await running;
      return reply.type(metrics.contentType).send(text);
    },
  );
}
