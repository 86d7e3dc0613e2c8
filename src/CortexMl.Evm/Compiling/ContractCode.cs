using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Chain;
using CortexMl.Chain.Contracts;
using CortexMl.Diagnostics;
using CortexMl.Evm.Machine;

namespace CortexMl.Evm.Compiling;

/// <summary>A contract that can be deployed.</summary>
/// <param name="Name">Of the contract; of its file where nothing tells it.</param>
/// <param name="Deployment">Code that deploys it, without arguments.</param>
public sealed record ContractCode(string Name, byte[] Deployment, ContractAbi Abi)
{
    /// <summary>Version of the form, which Truffle and Hardhat do not mind.</summary>
    private const int Format = 1;

    private const string CodeMember = "bytecode", DigestMember = "sourceSha256";

    /// <summary>As deep as the reader of the ABI goes.</summary>
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 1024 };

    /// <summary>Version of the compiler; null where the code was given.</summary>
    public string? Compiler { get; init; }

    /// <summary>The JSON of the ABI, as the compiler wrote it.</summary>
    public string AbiJson { get; init; } = "[]";

    /// <summary>SHA-256 of a source without its comments and white space: what recorded code belongs to.</summary>
    public static string Digest(string source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SolidityWords.Code(source))));

    /// <summary>An artefact in the manner of Truffle and Hardhat, which also tells the source.</summary>
    public string ToJson(string source)
    {
        var json = new JsonObject
        {
            ["format"] = Format, ["contractName"] = Name,
            ["compiler"] = Compiler, [DigestMember] = Digest(source), ["abi"] = JsonNode.Parse(AbiJson),
            [CodeMember] = Hex.Of(Deployment),
        };
        return json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
    }

    /// <summary>Code as hexadecimal digits, its ABI beside it.</summary>
    /// <exception cref="DiagnosticException">CML1054, CML1001.</exception>
    public static ContractCode OfHex(string name, string digits, ContractAbi abi) => new(name, Bytes(digits), abi);

    /// <summary>An artefact with the members <c>abi</c> and <c>bytecode</c>, the latter a text or an object with <c>object</c>.</summary>
    /// <param name="source">What it must have been made from, where it tells; null where anything will do.</param>
    /// <exception cref="DiagnosticException">CML1053 of another source; CML1054 no code; CML1015.</exception>
    public static ContractCode OfArtefact(byte[] json, string file, string? source, DiagnosticBag notes)
    {
        var abi = ContractAbi.Read(json, file, notes);
        using var document = JsonDocument.Parse(json.AsMemory(json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0), s_deep);
        var root = document.RootElement;
        JsonElement code = default;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(CodeMember, out code)) throw Refused("there is no code", file);
        if (code.ValueKind == JsonValueKind.Object && code.TryGetProperty("object", out var inner)) code = inner;
        if (code.ValueKind != JsonValueKind.String) throw Refused($"'{CodeMember}' is no text", file);
        if (source is not null && Text(root, DigestMember) != Digest(source))
            throw new DiagnosticException(EvmCodes.OtherSource, "the code was recorded of another source", new SourceLocation(file),
                "compile it again: npm install solc@0.4.26, or --solc DIR");
        return new(Text(root, "contractName") ?? Path.GetFileNameWithoutExtension(file), Bytes(code.GetString()!), abi)
        {
            Compiler = Text(root, "compiler"),
        };
    }

    private static string? Text(JsonElement root, string member) =>
        root.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Bytes(string digits)
    {
        if (digits.Contains("__", StringComparison.Ordinal))
            throw new DiagnosticException(EvmCodes.Code, "the code waits for the address of a library",
                hint: "put the library's functions into the contract, as 'internal'");
        if (digits.Length > 4 * EvmLimits.MaxDeploymentCode)
            throw new DiagnosticException(EvmCodes.Code,
                $"{Counted.Grouped(digits.Length / 2, "byte")} of code; at most {EvmLimits.MaxDeploymentCode} deploy a contract");
        byte[] code = Hex.Parse(digits, "code");
        return code.Length > 0 ? code : throw new DiagnosticException(EvmCodes.Code, "there is no code",
            hint: "an interface, or a contract that leaves functions open, has none");
    }

    private static DiagnosticException Refused(string message, string file) => new(EvmCodes.Code, message, new SourceLocation(file),
        "give a .sol file, an artefact with 'abi' and 'bytecode', or hexadecimal digits and --abi");
}
