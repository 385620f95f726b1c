/**
 * The bounds of the wire, each with its reason. Both sides refuse what is larger before parsing it.
 */

/** Version of the device protocol spoken here. */
export const deviceProtocolVersion = 1;

/** No MQTT message is larger: behind a 63 kB plan on a 2 kB/s link an order waited 32 s (measured). */
export const mqttMessageBytesMax = 4_096;

/** A plan body longer than this travels by hash; leaves room for head, base64url (4/3 twice) and signature. */
export const inlineBodyBytesMax = 1_500;

/** A plan body fetched by hash: 9 days of 100 items a day at some 400 bytes. */
export const planBodyBytesMax = 512 * 1024;

/** One WebSocket frame of the device link. */
export const linkFrameBytesMax = 64 * 1024;

/** One clip on a device. */
export const clipBytesMax = 64 * 1024 * 1024;

/** A release of the agent, gzipped. */
export const releaseBytesMax = 16 * 1024 * 1024;

/** A log upload, gzipped. */
export const logBytesMax = 1024 * 1024;

/** Items in one plan body. */
export const planItemsMax = 2_000;

/** Orders in force in one document: what 4 kB hold. */
export const ordersMax = 8;

/** Whatever can sound expires within a day (DESIGN §3). */
export const soundingOrderLifeMsMax = 24 * 3_600_000;

/** Reports in one frame. */
export const reportsPerFrameMax = 64;

/** The agent says what it holds this often, while something moves and to a server that offers no `beatMs`. */
export const heartbeatMs = 5_000;

/**
 * What a server offers in `welcome.beatMs`: a device to which nothing happens says only that it is there, this often.
 * A full heartbeat each 5 s was 8 MB a day; two lost beats are still no alarm (out of reach after 40 s).
 */
export const beatMs = 15_000;

/** However little happens, a full heartbeat is told again after this. */
export const heartbeatAgainMs = 10 * 60_000;

/** A device that holds an older number than published for this long gets the document again. */
export const behindAfterMs = 3_000;

/** After so many repeats a fault opens instead of another one. */
export const repairTriesMax = 3;

/** Life of the token a device gets for its signature; it asks for a new one on every connect. */
export const deviceTokenLifeMs = 15 * 60_000;

/** Life of a nonce. */
export const nonceLifeMs = 60_000;
