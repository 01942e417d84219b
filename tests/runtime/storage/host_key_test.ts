import { assertEquals } from "@std/assert";
import { createHmac } from "node:crypto";
import { fingerprint, isKnownHost } from "../../../runtime/storage/host_key.ts";

const key = new TextEncoder().encode("a host's public key");
const encoded = key.toBase64();

Deno.test("a host is known by its name and port, plain or hashed, unless its key is revoked", () => {
  const known = (line: string, host = "files.example", port = 22) =>
    isKnownHost(`# comment\n\n${line}\n`, host, port, key);
  assertEquals(known(`files.example ssh-ed25519 ${encoded}`), true);
  assertEquals(known(`other,files.example ssh-ed25519 ${encoded} me@here`), true);
  assertEquals(known(`files.example ssh-ed25519 ${encoded}`, "files.example", 2222), false);
  assertEquals(known(`[files.example]:2222 ssh-ed25519 ${encoded}`, "files.example", 2222), true);
  assertEquals(known("files.example ssh-ed25519 AAAA"), false);
  assertEquals(known(`@cert-authority files.example ssh-ed25519 ${encoded}`), false);
  assertEquals(
    known(`files.example ssh-ed25519 ${encoded}\n@revoked files.example ssh-ed25519 ${encoded}`),
    false,
  );
  const salt = crypto.getRandomValues(new Uint8Array(20)).toBase64();
  const hash = createHmac("sha1", Uint8Array.fromBase64(salt)).update("files.example");
  const line = `|1|${salt}|${hash.digest("base64")} ssh-ed25519 ${encoded}`;
  assertEquals([known(line), known(line, "other")], [true, false]);
});

Deno.test("a fingerprint is written as ssh writes it", () => {
  assertEquals(
    fingerprint(new Uint8Array()),
    "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
  );
});
