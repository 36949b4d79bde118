// The peer of the interoperability tests: an issuer, a wallet, a status provider
// and a verifier out of libraries that nobody here wrote. It answers requests, one
// JSON object per line on standard input, with one line each on standard output:
//
//	{"op": "...", ...} → {"result": ...} or {"error": "..."}
//
// Compact tokens travel as base64, because a changed one need be no text. Whatever
// a library refuses by throwing is a refusal and no failure of this program.
//
//	node peer.mjs FOLDER     FOLDER holds node_modules as package-lock.json pins them
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// The libraries lie outside the tree, where an import by name would not look.
const { resolve } = createRequire(join(process.argv[2], 'package.json'));
const load = (name) => import(pathToFileURL(resolve(name)));
const jose = await load('jose');
const { KBJwt, SDJwtInstance } = await load('@sd-jwt/core');
const { SDJwtVcInstance } = await load('@sd-jwt/sd-jwt-vc');
const { StatusList, createHeaderAndPayload } = await load('@sd-jwt/jwt-status-list');

const algorithms = ['ES256', 'ES384', 'ES512', 'EdDSA'];
const keys = new Map(); // by the number that a request names one by
const imported = new Map(); // public keys by algorithm and JWK

const hasher = (data, alg) => {
  if (!['sha-256', 'sha-384', 'sha-512'].includes(alg)) throw new Error(`hash ${alg}`);
  return createHash(alg.replace('-', '')).update(data).digest();
};

// The SD-JWT library asks for a signature over header.payload. jose makes it from
// the two parts and must come to the same text.
const signer = (key) => async (data) => {
  const [header, payload] = data.split('.');
  const signed = await new jose.FlattenedSign(jose.base64url.decode(payload))
    .setProtectedHeader(JSON.parse(Buffer.from(header, 'base64url').toString()))
    .sign(keys.get(key).privateKey);
  if (`${signed.protected}.${signed.payload}` !== data) throw new Error('jose signs another text');
  return signed.signature;
};

const verifier = (jwk) => async (data, signature) => {
  const [header, payload] = data.split('.');
  const { alg } = jose.decodeProtectedHeader({ protected: header });
  const name = alg + JSON.stringify(jwk);
  if (!imported.has(name)) imported.set(name, await jose.importJWK(jwk, alg));
  await jose.flattenedVerify({ protected: header, payload, signature }, imported.get(name), { algorithms });
  return true;
};

// Salts follow from the request, so that a seed makes the same disclosures again.
const salts = (seed) => {
  let n = 0;
  return (length) => createHash('sha256').update(`${seed}/${n++}`).digest().subarray(0, length).toString('base64url');
};

const instance = (vc, config) => new (vc ? SDJwtVcInstance : SDJwtInstance)({ hasher, hashAlg: 'sha-256', ...config });

const ops = {
  async key({ alg }) {
    const pair = await jose.generateKeyPair(alg, { extractable: true });
    keys.set(keys.size, pair);
    return { key: keys.size - 1, jwk: await jose.exportJWK(pair.publicKey) };
  },

  async issue({ vc, alg, key, header, hash, seed, payload, frame }) {
    const issuer = instance(vc, { signer: signer(key), signAlg: alg, hashAlg: hash, saltGenerator: salts(seed) });
    return issuer.issue(payload, frame, { header });
  },

  async present({ vc, sdjwt, hash, frame, kb }) {
    if (!kb) return { token: await instance(vc, {}).present(sdjwt, frame) };
    const wallet = instance(vc, { kbSigner: signer(kb.key), kbSignAlg: kb.alg });
    const token = await wallet.present(sdjwt, frame, { kb: { payload: kb.payload } });
    // The library chooses the disclosures twice, for the hash and for the result,
    // and the first time alters what the second depends on: of an object inside a
    // disclosure, members that are disclosable themselves are lost. Then the
    // proof is over something else than is sent, and is made by hand.
    const sdHash = (text) => hasher(text.slice(0, text.lastIndexOf('~') + 1), hash).toString('base64url');
    if (jose.decodeJwt(token.slice(token.lastIndexOf('~') + 1)).sd_hash === sdHash(token)) return { token };
    const shown = await wallet.present(sdjwt, frame);
    const proof = new KBJwt({
      header: { typ: 'kb+jwt', alg: kb.alg },
      payload: { ...kb.payload, sd_hash: sdHash(shown) },
    });
    return { token: shown + (await proof.sign(signer(kb.key))), wrong: token };
  },

  // sign makes a compact JWS over any bytes: what an issuer with other habits, or
  // an attacker with a key, could sign.
  async sign({ key, header, payload }) {
    const bytes = Buffer.from(payload, 'base64');
    const signed = await new jose.FlattenedSign(bytes).setProtectedHeader(header).sign(keys.get(key).privateKey);
    // With "b64": false jose leaves the payload to the caller.
    return `${signed.protected}.${signed.payload || bytes}.${signed.signature}`;
  },

  async status({ key, alg, kid, claims, bits, entries, typ }) {
    const list = new StatusList(entries, bits);
    const { header, payload } = createHeaderAndPayload(list, claims, { alg, kid });
    if (typ !== undefined) header.typ = typ;
    return new jose.SignJWT(payload).setProtectedHeader(header).sign(keys.get(key).privateKey);
  },

  // verify gives, for each item, what the libraries make of it by their own
  // defaults: nothing is checked here that they leave to the caller.
  async verify({ items }) {
    const answers = [];
    for (const { token, vc, issuer, now, nonce, status, provider } of items) {
      const checker = instance(vc, {
        verifier: verifier(issuer),
        kbVerifier: (data, signature, payload) => verifier(payload.cnf.jwk)(data, signature),
        statusListFetcher: async (uri) => {
          if (!(uri in status)) throw new Error('no such status list');
          return status[uri];
        },
        statusVerifier: provider && verifier(provider),
      });
      try {
        const text = Buffer.from(token, 'base64').toString('latin1');
        const { payload } = await checker.verify(text, { currentDate: now, keyBindingNonce: nonce || undefined });
        answers.push({ accepted: true, claims: payload });
      } catch (refusal) {
        answers.push({ accepted: false, error: String(refusal?.message ?? refusal) });
      }
    }
    return answers;
  },
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer;
  try {
    const { op, ...request } = JSON.parse(line);
    answer = { result: await ops[op](request) };
  } catch (failure) {
    answer = { error: `${failure?.message ?? failure}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
