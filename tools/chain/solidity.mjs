// Compiles contracts that "cortexml chain contract" wrote with npm's solc 0.4 and runs them in npm's @ethereumjs/evm. infer and inferArray, which only
// Cortex's compiler knows, are replaced by stubs that return words given beforehand.
//
// Standard input: JSON, one case a line: {"name", "source", "setInput": "0x…" (call data), "output": ["0x…", …] (words), "scores": how many}, perhaps with
// "pixels": "0x…" (an image).
// Standard output: for each {"stored": words of input_data, "class": currentInferResult or null, "scores": [score(0), …], "image": words of input_data after
// SetPixels}, or {"errors": […]}.
import { createInterface } from "node:readline";
import { createEVM } from "@ethereumjs/evm";
import { bytesToHex, createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { Interface } from "ethers";
import solc from "solc";

const stub = `
contract InferStub {
    uint256[] private stubOutput;

    function setStubOutput(uint256[] words) public {
        stubOutput = words;
    }

    function inferArray(address model, uint256[] storage input, uint256[] memory output) internal view {
        require(model != 0 && input.length > 0);
        fill(output);
    }

    function infer(address model, address input, uint256[] memory output) internal view {
        require(model != 0 && input != 0);
        fill(output);
    }

    function fill(uint256[] memory output) private view {
        require(output.length == stubOutput.length);
        for (uint256 i = 0; i < output.length; i++) output[i] = stubOutput[i];
    }
}
`;

const modelAccount = "0x00000000000000000000000000000000000000aa";
const inputAccount = "0x00000000000000000000000000000000000000bb";

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await run(JSON.parse(line))));

async function run({ name, source, setInput, output, scores, pixels }) {
  const compiled = compile(name, source);
  if (compiled.errors) return compiled;
  const { abi, evm: { bytecode } } = compiled.contract;
  const api = new Interface(abi);
  const evm = await createEVM();
  const deployed = await evm.runCall({ data: hexToBytes("0x" + bytecode.object + api.encodeDeploy([modelAccount]).slice(2)), gasLimit: 30000000n });
  if (deployed.execResult.exceptionError) return { errors: [`deploying: ${deployed.execResult.exceptionError.error}`] };
  const to = deployed.createdAddress;
  const send = async (data) => {
    const { execResult } = await evm.runCall({ to, data: hexToBytes(data), gasLimit: 30000000n });
    if (execResult.exceptionError) throw new Error(execResult.exceptionError.error);
    return bytesToHex(execResult.returnValue);
  };
  const call = async (method, ...values) => api.decodeFunctionResult(method, await send(api.encodeFunctionData(method, values)))[0];
  try {
    await send(setInput);
    await send(api.encodeFunctionData("setStubOutput", [output]));
    const answers = [];
    for (const infer of [api.encodeFunctionData("Infer"), api.encodeFunctionData("InferAccount", [inputAccount])]) {
      await send(infer);
      const hasClass = abi.some((member) => member.name === "currentInferResult");
      const answer = { class: hasClass ? Number(await call("currentInferResult")) : null, scores: [] };
      for (let i = 0; i < scores; i++) answer.scores.push(Number(await call("score", i)));
      answers.push(answer);
    }
    if (JSON.stringify(answers[0]) !== JSON.stringify(answers[1])) return { errors: ["Infer and InferAccount differ"] };
    const refused = await call("score", scores).then(() => false, () => true);
    if (!refused) return { errors: [`score(${scores}) is not refused`] };
    const words = (BigInt(setInput.length) - 10n - 128n) / 64n;
    const input = async () => {
      const stored = [];
      for (let i = 0n; i < words; i++) stored.push("0x" + (await call("input_data", i)).toString(16).padStart(64, "0"));
      return stored;
    };
    const stored = await input();
    if (!pixels) return { stored, ...answers[0] };
    const short = await send(api.encodeFunctionData("SetPixels", [pixels.slice(0, -2)])).then(() => false, () => true);
    if (!short) return { errors: ["an image of one pixel less is not refused"] };
    await send(api.encodeFunctionData("SetPixels", [pixels]));
    return { stored, image: await input(), ...answers[0] };
  } catch (error) {
    return { errors: [`running: ${error.message}`] };
  }
}

function compile(name, source) {
  const marker = `contract ${name} {`;
  if (!source.includes(marker)) return { errors: [`there is no "${marker}"`] };
  const content = source.replace(marker, () => `${stub}\ncontract ${name} is InferStub {`);
  const input = { language: "Solidity", sources: { "a.sol": { content } }, settings: { outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } } };
  const result = JSON.parse(solc.compileStandardWrapper(JSON.stringify(input)));
  const errors = (result.errors ?? []).filter((e) => e.severity === "error").map((e) => e.formattedMessage);
  return errors.length > 0 ? { errors } : { contract: result.contracts["a.sol"][name] };
}
