// Writes what npm's create-torrent gives for made-up models of several sizes and pieces: golden/chain/torrents.json.
// Where mktorrent (Debian) is installed, it must give the same info hashes, for the pieces that it allows (32 KiB and more).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import bencode from "bencode";
import createTorrent from "create-torrent";

/** params, symbol (bytes), piece length. The first three: params ends exactly on a piece boundary. */
const sizes = [
  [4096, 1000, 4096], [8192, 4096, 4096], [65536, 5000, 32768], [1, 1, 4096], [4095, 1, 4096], [4095, 2, 4096], [4097, 1, 4096], [10000, 20000, 4096],
  [100000, 30000, 1024], [100000, 30000, 16384], [100000, 30000, 32768], [100000, 30000, 65536], [100000, 30000, 262144], [300001, 12345, 32768], [262144, 262144, 262144],
];

/** The bytes of a made-up file; the tests make the same. */
const content = (length, start) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + start) & 255);

const scratch = mkdtempSync(join(tmpdir(), "cml-torrents-"));
const torrents = [];
let compared = 0;
try {
  for (const [params, symbol, pieceLength] of sizes) {
    const folder = join(scratch, `${torrents.length}`, "data");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "params"), content(params, 1));
    writeFileSync(join(folder, "symbol"), content(symbol, 2));
    const infoHash = hashOf(await torrent(folder, pieceLength));
    torrents.push({ params, symbol, pieceLength, infoHash });
    const other = pieceLength >= 32768 ? mktorrent(folder, pieceLength) : null;
    if (other === null) continue;
    if (other !== infoHash) throw new Error(`mktorrent gives ${other}, create-torrent ${infoHash} for ${params}, ${symbol}, ${pieceLength}`);
    compared++;
  }
} finally {
  rmSync(scratch, { recursive: true });
}
const target = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "golden", "chain", "torrents.json");
writeFileSync(target, `[\n${torrents.map((t) => "  " + JSON.stringify(t)).join(",\n")}\n]\n`);
console.log(`${torrents.length} torrents of create-torrent, ${compared} the same by mktorrent`);

function torrent(folder, pieceLength) {
  return new Promise((resolve, reject) =>
    createTorrent(folder, { name: "data", pieceLength, announceList: [] }, (error, made) => (error ? reject(error) : resolve(made))));
}

function hashOf(torrent) {
  return createHash("sha1").update(bencode.encode(bencode.decode(torrent).info)).digest("hex");
}

function mktorrent(folder, pieceLength) {
  const file = join(folder, "..", "made.torrent");
  try {
    execFileSync("mktorrent", ["-a", "udp://127.0.0.1:1", "-d", "-l", `${Math.log2(pieceLength)}`, "-n", "data", "-o", file, folder], { stdio: "ignore" });
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
  return hashOf(readFileSync(file));
}
