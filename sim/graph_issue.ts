/**
 * What can be wrong with a graph.
 *
 * @module
 */
import type { MaxSalvos } from "./condition.ts";
import type { Edge, PortRef } from "./graph_spec.ts";

/** Both ends of an edge that is wrong. */
export interface EdgeIssueFields {
  /** Where the edge starts. */
  edgeSource: PortRef;
  /** Where the edge ends. */
  edgeTarget: PortRef;
}

/** The salvo condition that is wrong, and the port that its node lacks. */
export interface ConditionPortIssueFields {
  /** The node. */
  nodeName: string;
  /** The condition. */
  conditionName: string;
  /** Whether it is an input condition. */
  isInputCondition: boolean;
  /** The port that is not there. */
  missingPort: string;
}

/** Something wrong with a graph. `kind` says what, `message` says it in words. */
export type GraphIssue =
  & {
    /** What is wrong, where, and what to do. */
    message: string;
  }
  & (
    | { kind: "edgeReferencesNonexistentNode"; missingNode: string } & EdgeIssueFields
    | { kind: "edgeReferencesNonexistentPort"; missingPort: PortRef } & EdgeIssueFields
    | { kind: "edgeSourceNotOutputPort" | "edgeTargetNotInputPort" } & EdgeIssueFields
    | { kind: "multipleEdgesFromOutputPort"; outputPort: PortRef; edgeCount: number }
    | {
      kind: "inputSalvoConditionInvalidMaxSalvos";
      nodeName: string;
      conditionName: string;
      maxSalvos: MaxSalvos;
    }
    | {
      kind:
        | "salvoConditionReferencesNonexistentPort"
        | "salvoConditionTermReferencesNonexistentPort";
    } & ConditionPortIssueFields
    | { kind: "dependencyEdgeNotInGraph"; edge: Edge }
    | { kind: "dependencyRequestConfigWithoutDependencyEdges"; nodeName: string }
    | { kind: "duplicateNodeName"; nodeName: string }
    | { kind: "duplicatePortName"; port: PortRef }
    | {
      kind: "duplicateSalvoConditionName";
      nodeName: string;
      conditionName: string;
      isInputCondition: boolean;
    }
    | {
      kind: "duplicateConditionPort";
      nodeName: string;
      conditionName: string;
      isInputCondition: boolean;
      portName: string;
    }
    | {
      kind: "invalidNumber";
      nodeName: string;
      /** Which number, e.g. `capacity of input port "in"`. */
      field: string;
      value: unknown;
    }
  );
