/** A broker in memory that remembers everything published, in order, and what is retained; it can be told to fail. */
import { documentSchema, type SignedDocument } from '@loa/protocol/device';

export interface MemoryBroker {
  publish(topic: string, payload: string): Promise<void>;
  /** Everything taken, oldest first. */
  published: { topic: string; payload: string }[];
  retained: Map<string, string>;
  /** The document retained at a topic; throws when there is none. */
  document(topic: string): SignedDocument;
  /** How often a topic was published. */
  count(topic: string): number;
  /** While set, nothing is taken. */
  failure: Error | undefined;
}

export function memoryBroker(): MemoryBroker {
  const broker: MemoryBroker = {
    published: [],
    retained: new Map(),
    failure: undefined,
    publish: async (topic, payload) => {
      if (broker.failure !== undefined) throw broker.failure;
      broker.published.push({ topic, payload });
      broker.retained.set(topic, payload);
    },
    document: (topic) => {
      const envelope = broker.retained.get(topic);
      if (envelope === undefined) throw new Error(`Nothing is retained at ${topic}`);
      return documentSchema.parse(JSON.parse(Buffer.from(envelope.split('.')[1] ?? '', 'base64url').toString('utf8')));
    },
    count: (topic) => broker.published.filter((message) => message.topic === topic).length,
  };
  return broker;
}
