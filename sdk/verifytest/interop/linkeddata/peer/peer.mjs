// The peer of the interoperability tests for linked data: an issuer, a holder and a
// verifier out of libraries that nobody here wrote. It answers requests, one JSON
// object per line on standard input, with one line each on standard output:
//
//	{"op": "...", ...} → {"result": ...} or {"error": "..."}
//
// Contexts come from the test; nothing is fetched. Whatever a library refuses by
// throwing is a refusal and no failure of this program.
//
//	node peer.mjs FOLDER     FOLDER holds node_modules as package-lock.json pins them
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// The libraries lie outside the tree, where an import by name would not look.
const { resolve } = createRequire(join(process.argv[2], 'package.json'));
const load = (name) => import(pathToFileURL(resolve(name)));
const vc = await load('@digitalbazaar/vc');
const { contexts: base } = (await load('@digitalbazaar/credentials-context')).default;
const { DataIntegrityProof } = await load('@digitalbazaar/data-integrity');
const ecdsaKeys = await load('@digitalbazaar/ecdsa-multikey');
const ed25519Keys = await load('@digitalbazaar/ed25519-multikey');
const bbsKeys = await load('@digitalbazaar/bls12-381-multikey');
const ecdsaSD = await load('@digitalbazaar/ecdsa-sd-2023-cryptosuite');
const bbs = await load('@digitalbazaar/bbs-2023-cryptosuite');
const { cryptosuite: eddsa } = await load('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const { cryptosuite: ecdsa } = await load('@digitalbazaar/ecdsa-rdfc-2019-cryptosuite');

const generate = {
  'P-256': () => ecdsaKeys.generate({ curve: 'P-256' }),
  'P-384': () => ecdsaKeys.generate({ curve: 'P-384' }),
  Ed25519: () => ed25519Keys.generate(),
  'BLS12-381': () => bbsKeys.generateBbsKeyPair({ algorithm: 'BBS-BLS12-381-SHA-256' }),
};
const selective = { 'ecdsa-sd-2023': ecdsaSD, 'bbs-2023': bbs };
const plain = { 'eddsa-rdfc-2022': eddsa, 'ecdsa-rdfc-2019': ecdsa };

const keys = []; // by the number that a request names one by
const documents = new Map(base); // contexts, DID documents and verification methods

const documentLoader = async (url) => {
  const document = documents.get(url);
  if (document === undefined) throw new Error(`${url} is not at hand`);
  return { contextUrl: null, documentUrl: url, document: structuredClone(document) };
};

const signing = (suite, pointers) =>
  selective[suite]?.createSignCryptosuite({ mandatoryPointers: pointers }) ?? plain[suite];

const judged = (r) => (r.verified ? { accepted: true } : { accepted: false, error: String(r.error) });

const ops = {
  // What is at hand from now on, and the base contexts of W3C besides.
  async contexts({ contexts }) {
    for (const [url, document] of Object.entries(contexts)) documents.set(url, document);
    return Object.fromEntries(base);
  },

  // A key pair, and the did:key that it belongs to.
  async key({ kind }) {
    const pair = await generate[kind]();
    const { publicKeyMultibase } = await pair.export({ publicKey: true });
    pair.controller = `did:key:${publicKeyMultibase}`;
    pair.id = `${pair.controller}#${publicKeyMultibase}`;
    const method = await pair.export({ publicKey: true, includeContext: true });
    documents.set(pair.id, method);
    documents.set(pair.controller, {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: pair.controller,
      assertionMethod: [pair.id],
      authentication: [pair.id],
    });
    keys.push(pair);
    return { key: keys.length - 1, did: pair.controller, method: pair.id };
  },

  async issue({ suite, key, credential, mandatory, now }) {
    const proof = new DataIntegrityProof({
      signer: keys[key].signer(), date: now, cryptosuite: signing(suite, mandatory),
    });
    return vc.issue({ credential, suite: proof, documentLoader, now });
  },

  async derive({ suite, credential, pointers }) {
    const proof = new DataIntegrityProof({
      cryptosuite: selective[suite].createDiscloseCryptosuite({ selectivePointers: pointers }),
    });
    return vc.derive({ verifiableCredential: credential, suite: proof, documentLoader });
  },

  async present({ suite, key, credentials, challenge, domain, now }) {
    const presentation = vc.createPresentation({
      verifiableCredential: credentials, holder: keys[key].controller, now, verify: false,
    });
    const proof = new DataIntegrityProof({ signer: keys[key].signer(), date: now, cryptosuite: plain[suite] });
    return vc.signPresentation({ presentation, suite: proof, challenge, domain, documentLoader });
  },

  async verify({ suite, credential, now }) {
    const proof = new DataIntegrityProof({
      cryptosuite: selective[suite]?.createVerifyCryptosuite() ?? plain[suite],
    });
    return judged(await vc.verifyCredential({ credential, suite: proof, documentLoader, now }));
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { op, ...request } = JSON.parse(line);
    answer = { result: await ops[op](request) };
  } catch (e) {
    answer = { error: `${e.message}${e.cause ? `: ${e.cause.message}` : ''}` || 'no reason given' };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
