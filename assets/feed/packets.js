// Arrays on their way: how the server and a replay write a snapshot.

const TYPES = { float32: Float32Array, int32: Int32Array, int16: Int16Array, uint8: Uint8Array };

/** {step, arrays: {name: {shape, data}}} of a snapshot packet (ArrayBuffer). Throws an Error with one
 *  sentence for a damaged one. */
export function readPacket(buffer) {
  try {
    const length = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const body = buffer.slice(4 + length);
    const arrays = Object.entries(header.arrays).map(([name, facts]) => [name, readArray(body, facts)]);
    return { step: header.step, arrays: Object.fromEntries(arrays) };
  } catch {
    throw new Error("A snapshot is damaged.");
  }
}

function readArray(body, { dtype, shape, offset }) {
  const count = shape.reduce((a, b) => a * b, 1);
  return { shape, data: new TYPES[dtype](body, offset, count) };
}
