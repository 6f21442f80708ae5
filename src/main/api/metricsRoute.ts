import type { FastifyInstance } from 'fastify';
import type { ApiSource } from './apiSource.ts';
import { schemaOf } from './document.ts';
import { answerOf } from './envelope.ts';
import { Metrics } from './metrics.ts';

/** Row G3. Scrapes that overlap are one, so that a scrape every 100 ms costs the engine one question at a time. */
export function metricsRoute(server: FastifyInstance, source: ApiSource): void {
  const metrics = new Metrics();
  let running: Promise<string> | null = null;

  const scrape = async (): Promise<string> => {
    const startedAt = performance.now();
    const frame = answerOf(await source.engine.scrape(null));
    return metrics.text(source, frame, (performance.now() - startedAt) / 1000);
  };
  server.get(
    '/metrics',
    {
      schema: schemaOf({
        summary: 'For Prometheus',
        tag: 'about',
        answer: { media: 'text/plain', about: 'The Prometheus text format, version 0.0.4.' },
        failures: { 503: true },
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
