/**
 * Checks of the shape of actions and locations.
 *
 * They run for each action, so the words for what is wrong are put together only when it is.
 *
 * @module
 */
import type { NetAction } from "./action.ts";
import { requireArray, requireObject, requireOneOf, type Unchecked, wrongShape } from "./shape.ts";

/** Requires a field of an action to be a string. */
export function checkString(value: unknown, of: NetAction["type"], field: string): void {
  if (typeof value !== "string") {
    throw wrongShape(`Action "${of}": \`${field}\``, "a string", value);
  }
}

/** Requires the salvo of a `createEpoch` action to be one. */
export function checkSalvo(value: unknown): void {
  const salvo = requireObject(value, 'Action "createEpoch": `salvo`');
  checkString(salvo["salvoCondition"], "createEpoch", "salvo.salvoCondition");
  const packets = requireArray(salvo["packets"], 'Action "createEpoch": `salvo.packets`');
  for (let i = 0; i < packets.length; i++) {
    const packet = packets[i] as Unchecked | null | undefined;
    if (typeof packet?.["portName"] === "string" && typeof packet["packetId"] === "string") {
      continue;
    }
    const at = `salvo.packets[${i}]`;
    const { portName, packetId } = requireObject(packet, `Action "createEpoch": \`${at}\``);
    checkString(portName, "createEpoch", `${at}.portName`);
    checkString(packetId, "createEpoch", `${at}.packetId`);
  }
}

/** Requires a value to be a location; `name` says what it is called where it is given. */
export function checkLocation(value: unknown, name: string): void {
  if (!isObject(value)) throw wrongShape(name, "an object", value);
  switch (value["type"]) {
    case "outsideNet":
      return;
    case "node":
      return checkPart(value, name, "epochId");
    case "inputPort":
      checkPart(value, name, "nodeName");
      return checkPart(value, name, "portName");
    case "outputPort":
      checkPart(value, name, "epochId");
      return checkPart(value, name, "portName");
    case "edge": {
      const edge = value["edge"];
      if (!isObject(edge)) throw wrongShape(`${name}, \`edge\``, "an object", edge);
      checkPort(edge["source"], name, "edge.source");
      return checkPort(edge["target"], name, "edge.target");
    }
    default:
      requireOneOf(value["type"], LOCATION_TYPES, `${name}, \`type\``);
  }
}

function checkPart(location: Unchecked, name: string, part: string): void {
  const value = location[part];
  if (typeof value !== "string") throw wrongShape(`${name}, \`${part}\``, "a string", value);
}

function checkPort(port: unknown, name: string, end: string): void {
  if (!isObject(port)) throw wrongShape(`${name}, \`${end}\``, "an object", port);
  const { nodeName, portType, portName } = port;
  if (typeof nodeName !== "string") {
    throw wrongShape(`${name}, \`${end}.nodeName\``, "a string", nodeName);
  }
  if (typeof portName !== "string") {
    throw wrongShape(`${name}, \`${end}.portName\``, "a string", portName);
  }
  if (portType !== "input" && portType !== "output") {
    throw wrongShape(`${name}, \`${end}.portType\``, '"input" or "output"', portType);
  }
}

function isObject(value: unknown): value is Unchecked {
  return typeof value === "object" && value !== null;
}

/** Requires a value to be an action of a type that there is. */
export function checkActionType(value: unknown): void {
  const action = requireObject(value, "An action");
  requireOneOf(action["type"], ACTION_TYPES, "An action: `type`");
}

const LOCATION_TYPES = ["node", "inputPort", "outputPort", "edge", "outsideNet"] as const;
const ACTION_TYPES: readonly NetAction["type"][] = [
  "runStep",
  "createPacket",
  "consumePacket",
  "destroyPacket",
  "startEpoch",
  "finishEpoch",
  "cancelEpoch",
  "createEpoch",
  "loadPacketIntoOutputPort",
  "sendOutputSalvo",
  "transportPacketToLocation",
  "createRequest",
];
