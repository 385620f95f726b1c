/**
 * Who may come in to an outside Mosquitto, and what each may read and write: told to its dynamic-security plugin over
 * its control topic. A device is a client of the plugin whose password is its newest token and whose role names its own
 * topics; nobody else exists there but the server. Reference: mosquitto_ctrl_dynsec(1).
 */
import { topics } from '@loa/protocol/device';
import { z } from 'zod';
import type { Clock } from '../../edges/clock.ts';
import { readableTopics } from './topic-rights.ts';

/** Where commands go and answers come from. */
export const controlTopic = '$CONTROL/dynamic-security/v1';
export const controlAnswerTopic = `${controlTopic}/response`;

/** An answer comes within milliseconds; without one the broker has no such plugin or is away. */
const answerMsMax = 5_000;

/** Commands under way; a province that comes back at once waits here. */
const waitingMax = 20_000;

const answersSchema = z.object({
  responses: z.array(
    z.object({
      command: z.string(),
      error: z.string().optional(),
      correlationData: z.string().optional(),
    }),
  ),
});

type Command = { command: string } & Record<string, unknown>;

export interface DynamicSecurity {
  /** Everything that arrives at `controlAnswerTopic`. */
  heard(payload: string): void;
  /** An account that may publish every document and hear every presence; one of that name is cut and changed. */
  admitServer(account: { username: string; password: string; presenceFilter: string }): Promise<void>;
  /** What a device may read and write from now on; a live connection of a changed role is cut and comes again. */
  grant(device: { deviceId: string; areaIds: readonly string[] }): Promise<void>;
  admitDevice(device: { deviceId: string; token: string; areaIds: readonly string[] }): Promise<void>;
  removeDevice(deviceId: string): Promise<void>;
}

/** `send` publishes to `controlTopic`. */
export function createDynamicSecurity(ports: { send(payload: string): Promise<void>; clock: Clock }): DynamicSecurity {
  const waiting = new Map<string, (answer: { error?: string | undefined }) => void>();
  let count = 0;

  /** The plugin's answer; its errors are values. Rejects when none comes. */
  async function ask(command: Command): Promise<{ error?: string | undefined }> {
    if (waiting.size >= waitingMax) throw new Error('Too many commands wait for the broker’s dynamic security');
    count += 1;
    const correlationData = `loa-${count}`;
    const answer = new Promise<{ error?: string | undefined }>((resolve, reject) => {
      const cancel = ports.clock.setTimer(() => {
        waiting.delete(correlationData);
        reject(new Error(`The broker’s dynamic-security plugin did not answer ${command.command}`));
      }, answerMsMax);
      waiting.set(correlationData, (found) => {
        cancel();
        waiting.delete(correlationData);
        resolve(found);
      });
    });
    answer.catch(() => {});
    await ports.send(JSON.stringify({ commands: [{ ...command, correlationData }] }));
    return answer;
  }

  async function must(command: Command): Promise<void> {
    const { error } = await ask(command);
    if (error !== undefined) throw new Error(`The broker refused ${command.command}: ${error}`);
  }

  /** Creates, or changes what exists. */
  async function put(noun: 'Role' | 'Client', content: Record<string, unknown>): Promise<void> {
    const { error } = await ask({ command: `create${noun}`, ...content });
    if (error !== undefined) await must({ command: `modify${noun}`, ...content });
  }

  async function grant({ deviceId, areaIds }: { deviceId: string; areaIds: readonly string[] }): Promise<void> {
    const readable = readableTopics(deviceId, areaIds);
    await put('Role', {
      rolename: roleOf(deviceId),
      acls: [
        ...readable.map((topic) => ({ acltype: 'subscribeLiteral', topic, allow: true })),
        ...readable.map((topic) => ({ acltype: 'publishClientReceive', topic, allow: true })),
        { acltype: 'publishClientReceive', topic: '#', allow: false, priority: -1 },
        { acltype: 'publishClientSend', topic: topics.presence(deviceId), allow: true },
      ],
    });
  }

  return {
    heard: (payload) => {
      const parsed = answersSchema.safeParse(jsonOf(payload));
      for (const answer of parsed.success ? parsed.data.responses : []) {
        waiting.get(answer.correlationData ?? '')?.(answer);
      }
    },
    admitServer: async ({ username, password, presenceFilter }) => {
      await put('Role', {
        rolename: username,
        acls: [
          { acltype: 'publishClientSend', topic: 'loa/#', allow: true },
          { acltype: 'publishClientReceive', topic: presenceFilter, allow: true },
          { acltype: 'subscribePattern', topic: presenceFilter, allow: true },
        ],
      });
      await put('Client', { username, password, roles: [{ rolename: username }] });
    },
    grant,
    admitDevice: async ({ deviceId, token, areaIds }) => {
      const rolename = roleOf(deviceId);
      await grant({ deviceId, areaIds });
      await put('Client', { username: deviceId, clientid: deviceId, password: token, roles: [{ rolename }] });
    },
    removeDevice: async (deviceId) => {
      // What does not exist is removed already.
      await ask({ command: 'deleteClient', username: deviceId });
      await ask({ command: 'deleteRole', rolename: roleOf(deviceId) });
    },
  };
}

function roleOf(deviceId: string): string {
  return `loa-device-${deviceId}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
