/**
 * The names of signals and controls and of their ports, for those that need no schema.
 *
 * @module
 */

/** Every signal, in the order of the documentation. */
export const SIGNAL_TYPES = [
  "epoch_started",
  "epoch_finished",
  "epoch_failed",
  "epoch_cancelled",
  "node_initialized",
  "node_closed",
] as const;

/** What a node can signal; each leaves by the output port `__signal_<type>__`. */
export type SignalType = typeof SIGNAL_TYPES[number];

/** Every control, in the order of the documentation. */
export const CONTROL_TYPES = [
  "start_epoch",
  "cancel_epoch",
  "cancel_all_epochs",
  "init_node",
  "close_node",
  "enable",
  "disable",
  "set_epoch_count",
  "reset_epoch_count",
] as const;

/** What a node can be told; each enters by the input port `__control_<type>__`. */
export type ControlType = typeof CONTROL_TYPES[number];

/** Name of the output port of a signal. */
export function signalPortName(type: SignalType): string {
  return `__signal_${type}__`;
}

/** Name of the input port of a control. */
export function controlPortName(type: ControlType): string {
  return `__control_${type}__`;
}

/** Whether a name has the form of a signal's port. */
export function isSignalPortName(name: string): boolean {
  return name.startsWith("__signal_") && name.endsWith("__");
}

/** Whether a name has the form of a control's port. */
export function isControlPortName(name: string): boolean {
  return name.startsWith("__control_") && name.endsWith("__");
}
