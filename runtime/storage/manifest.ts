/**
 * Manifests: what the stored files of a node were made of and are.
 *
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { inTransaction, isDamaged, moveAside, openDatabase, type Row } from "./database.ts";
import type { RecordedActions } from "./effects.ts";

/** A stored file. */
export interface StoredFile {
  readonly key: string;
  /** Name of its entry, if it is part of a bundle under `key`. */
  readonly entry?: string;
  /** Bytes of the file; of an entry, before the bundle was compressed. */
  readonly size: number;
  /** Of the file; of an entry, that of the bundle. */
  readonly sha256: string;
  /** Bytes before compression. */
  readonly rawSize: number;
}

/** All that is known of the stored files of one result. */
export interface Manifest {
  readonly nodeName: string;
  readonly inputDigest: string;
  readonly inputSalvoHash: string;
  readonly version: number;
  /** When, in ms UTC. */
  readonly storedAt: number;
  /** Name of the serialization, or reference of the codec. */
  readonly serialization: string;
  readonly compression: string | null;
  readonly bundleFormat: "tar.gz" | "zip" | null;
  /** Type and place of the backend, without credentials. */
  readonly backendId: string;
  readonly inputFileKeys: readonly string[];
  readonly actions: RecordedActions;
  /** Output files. */
  readonly files: readonly StoredFile[];
  /** For each created packet, in order, the index of its file. */
  readonly created: readonly number[];
}

/** What stands under a node and slot. */
export interface ManifestEntry {
  /** Undefined while files are being written. */
  readonly manifest: Manifest | undefined;
  /** Every key that may hold a file of it. */
  readonly keys: readonly string[];
}

const schema = `CREATE TABLE IF NOT EXISTS manifests(
  node TEXT NOT NULL, slot TEXT NOT NULL, manifest TEXT, keys TEXT NOT NULL,
  PRIMARY KEY(node, slot)) WITHOUT ROWID;`;

/** What a column says; a damaged one says nothing. */
function readJSON<T>(text: unknown, otherwise: T): T {
  try {
    return typeof text === "string" ? JSON.parse(text) : otherwise;
  } catch {
    return otherwise;
  }
}

/** Keeps manifests, in a folder or in memory. */
export class ManifestIndex {
  readonly #file: string | null;
  readonly #warn: (code: string, message: string) => void;
  #database: DatabaseSync | undefined;

  /** Creates the index; nothing is opened before it is needed. */
  constructor(folder: string | null, warn: (code: string, message: string) => void) {
    this.#file = folder === null ? null : join(folder, "index.db");
    this.#warn = warn;
  }

  /** What stands under a node and slot. */
  get(node: string, slot: string): ManifestEntry | undefined {
    const row = this.#use((database) =>
      database.prepare("SELECT manifest, keys FROM manifests WHERE node = ? AND slot = ?")
        .get(node, slot) as Row | undefined
    );
    if (!row) return undefined;
    return {
      manifest: readJSON<Manifest | undefined>(row.manifest, undefined),
      keys: readJSON<string[]>(row.keys, []),
    };
  }

  /** Puts a manifest, or that files of it are being written. */
  put(node: string, slot: string, { manifest, keys }: ManifestEntry): void {
    this.#use((database) =>
      inTransaction(database, () => {
        const put = "INSERT OR REPLACE INTO manifests VALUES (?, ?, ?, ?)";
        const text = manifest ? JSON.stringify(manifest) : null;
        database.prepare(put).run(node, slot, text, JSON.stringify(keys));
      })
    );
  }

  /** Closes the index; one in memory stays. */
  close(): void {
    if (this.#file === null) return;
    this.#database?.close();
    this.#database = undefined;
  }

  #use<T>(work: (database: DatabaseSync) => T): T {
    try {
      return work(this.#database ??= openDatabase(this.#file, schema));
    } catch (error) {
      if (this.#file === null || !isDamaged(error)) throw error;
      this.#database?.close();
      const aside = moveAside(this.#file);
      this.#warn(
        "manifests_corrupt",
        `The index of output files is damaged: it is now ${aside}; the files are made anew`,
      );
      return work(this.#database = openDatabase(this.#file, schema));
    }
  }
}
