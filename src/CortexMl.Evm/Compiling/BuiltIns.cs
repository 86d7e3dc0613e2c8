using System.Text;
using CortexMl.Evm.Machine;

namespace CortexMl.Evm.Compiling;

//  contract Digits is Owned {            import "cortexml-built-ins.sol"; …
//      … inferArray(model, …) …     ⇒    contract Digits is CortexMlBuiltIns, Owned {
//  }                                         … inferArray(model, …) …
//
// Ethereum's compiler does not know infer and inferArray: they become functions of a contract that every other one inherits, which has
// no storage of its own. Lines stay where they are.
internal static class BuiltIns
{
    public const string File = "cortexml-built-ins.sol", Contract = "CortexMlBuiltIns";

    /// <summary>As on the chain, an inference that fails takes all gas that is left: <c>invalid()</c>.</summary>
    public static string Source { get; } = $$"""
        pragma solidity ^0.4.22;

        contract {{Contract}} {
            function infer(address model, address input, uint256[] memory output) internal view {
                cortexMlInference({{CortexOpcodes.Infer}}, model, uint256(input), output);
            }

            function inferArray(address model, uint256[] storage input, uint256[] memory output) internal view {
                uint256 place;
                assembly { place := input_slot }
                cortexMlInference({{CortexOpcodes.InferArray}}, model, place, output);
            }

            function cortexMlInference(uint256 instruction, address model, uint256 input, uint256[] memory output) private view {
                assembly {
                    let request := mload(0x40)
                    mstore(request, instruction)
                    mstore(add(request, 32), address)
                    mstore(add(request, 64), model)
                    mstore(add(request, 96), input)
                    mstore(add(request, 128), mload(output))
                    let size := mul(32, mload(output))
                    if iszero(staticcall(gas, {{InferencePrecompile.Address}}, request, 160, add(output, 32), size)) { invalid() }
                }
            }
        }

        """.ReplaceLineEndings("\n");

    /// <summary>The source with the built-ins; as it is where it does not use them.</summary>
    public static string Into(string source)
    {
        var words = SolidityWords.Of(source);
        bool isUsed = words.Any(w => w.Text is "infer" or "inferArray");
        var inherited = words.Where((w, i) => w.Text == "contract" && w.Depth == 0 && i + 2 < words.Count).ToList();
        if (!isUsed || inherited.Count == 0) return source;
        var text = new StringBuilder($"import \"{File}\"; ");
        int copied = 0;
        foreach (var contract in inherited)
        {
            int index = words.IndexOf(contract);
            var name = words[index + 1];
            bool hasBases = words[index + 2] is { Text: "is" };
            var after = hasBases ? words[index + 2] : name;
            int end = after.Start + after.Text.Length;
            text.Append(source, copied, end - copied).Append(hasBases ? $" {Contract}," : $" is {Contract}");
            copied = end;
        }
        return text.Append(source, copied, source.Length - copied).ToString();
    }
}
