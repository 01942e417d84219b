/**
 * From an action to its effect.
 *
 * @module
 */
import type { ActionData, NetAction } from "./action.ts";
import { checkActionType, checkLocation, checkSalvo, checkString } from "./check_action.ts";
import * as effects from "./perform.ts";
import type { SimState } from "./state.ts";
import { runStep } from "./step.ts";

const DESTINATION = 'Action "transportPacketToLocation": `destination`';
const NONE: { readonly type: "none" } = Object.freeze({ type: "none" });

/** Checks the shape of an action and does it. */
export function dispatch(
  state: SimState,
  action: NetAction,
  events: effects.Events,
  at: number,
): ActionData<NetAction> {
  switch (action?.type) {
    case "runStep": {
      const { madeProgress, created } = runStep(state, events, at);
      return { type: "step", madeProgress, created };
    }
    case "createPacket": {
      const epochId = action.epochId ?? undefined;
      if (epochId !== undefined) checkString(epochId, action.type, "epochId");
      return effects.createPacket(state, epochId, events, at);
    }
    case "consumePacket":
      checkString(action.packetId, action.type, "packetId");
      effects.endPacket(state, action.packetId, "packetConsumed", events, at);
      return NONE;
    case "destroyPacket":
      checkString(action.packetId, action.type, "packetId");
      effects.endPacket(state, action.packetId, "packetDestroyed", events, at);
      return NONE;
    case "startEpoch":
      checkString(action.epochId, action.type, "epochId");
      return effects.startEpoch(state, action.epochId, events, at);
    case "finishEpoch":
      checkString(action.epochId, action.type, "epochId");
      return effects.finishEpoch(state, action.epochId, events, at);
    case "cancelEpoch":
      checkString(action.epochId, action.type, "epochId");
      return effects.cancelEpoch(state, action.epochId, events, at);
    case "createEpoch":
      checkString(action.nodeName, action.type, "nodeName");
      checkSalvo(action.salvo);
      return effects.createEpoch(state, action.nodeName, action.salvo, events, at);
    case "loadPacketIntoOutputPort":
      checkString(action.packetId, action.type, "packetId");
      checkString(action.portName, action.type, "portName");
      effects.loadPacket(state, action.packetId, action.portName, events, at);
      return NONE;
    case "sendOutputSalvo":
      checkString(action.epochId, action.type, "epochId");
      checkString(action.salvoCondition, action.type, "salvoCondition");
      effects.sendOutputSalvo(state, action.epochId, action.salvoCondition, events, at);
      return NONE;
    case "transportPacketToLocation":
      checkString(action.packetId, action.type, "packetId");
      checkLocation(action.destination, DESTINATION);
      effects.transportPacket(state, action.packetId, action.destination, events, at);
      return NONE;
    case "createRequest":
      checkString(action.nodeName, action.type, "nodeName");
      checkString(action.label, action.type, "label");
      effects.createRequest(state, action.nodeName, action.label, events, at);
      return NONE;
    default:
      checkActionType(action);
      throw new Error("unreachable: every type that there is has a case");
  }
}
