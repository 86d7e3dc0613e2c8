using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Chain.Contracts;
using CortexMl.Diagnostics;

namespace CortexMl.Evm.Compiling;

/// <summary>npm's <c>solc</c> 0.4, run by Node.js; nothing is fetched from anywhere.</summary>
/// <param name="package">Folder of the package, or a <c>soljson</c> file.</param>
public sealed class SolidityCompiler(string package)
{
    private const string Version = "0.4.", FileName = "contract.sol";

    private const string Hint = "in some folder: npm install solc@0.4.26, then --solc DIR/node_modules/solc";

    /// <summary>What a function changes that calls a built-in is known to Cortex's compiler alone.</summary>
    private const string AboutMutability = "Function state mutability can be restricted";

    private const int MaxSource = 1 << 20;

    private const int MaxAnswer = 64 << 20, MaxShown = 20;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    // The first line is the version. Other packages of that name have another interface: their version says so.
    private const string Script = """
        const solc = require(process.argv[1]);
        const found = solc.compileStandardWrapper ? solc : require('solc/wrapper')(solc);
        let text = '';
        process.stdin.setEncoding('utf8');
        process.stdin.on('data', part => text += part);
        process.stdin.on('end', () => process.stdout.write(found.version() + '\n' + found.compileStandardWrapper(text)));
        """;

    /// <summary>The package in a <c>node_modules</c> of these folders or of those above them; null where there is none.</summary>
    public static SolidityCompiler? Find(params IEnumerable<string> folders) =>
        folders.SelectMany(Above).Select(folder => Path.Combine(folder, "node_modules", "solc")).Where(Directory.Exists)
            .Select(found => new SolidityCompiler(found)).FirstOrDefault();

    /// <param name="name">Of the contract; null where the source has one alone.</param>
    /// <param name="file">For messages.</param>
    /// <param name="notes">Gets what the compiler warns of, and of entries of the ABI that are left out.</param>
    /// <exception cref="DiagnosticException">CML1050 there is no compiler; CML1051 it refuses the source.</exception>
    public ContractCode Compile(string source, string? name, string file, DiagnosticBag notes)
    {
        if (source.Length > MaxSource)
            throw new DiagnosticException(EvmCodes.Compilation, $"a source of more than {MaxSource} characters", new SourceLocation(file));
        string answer = Run(Request(source));
        int end = answer.IndexOf('\n', StringComparison.Ordinal);
        string version = end < 0 ? answer : answer[..end];
        if (!version.StartsWith(Version, StringComparison.Ordinal))
            throw new DiagnosticException(EvmCodes.NoCompiler,
                $"'{Printable.Name(package)}' is solc {Printable.Name(version)}, not {Version}x", hint: Hint);
        using var result = JsonDocument.Parse(answer.AsMemory(end + 1));
        Report(result.RootElement, file, notes);
        var contracts = result.RootElement.TryGetProperty("contracts", out var files) && files.TryGetProperty(FileName, out var own)
            ? own.EnumerateObject().Where(c => Code(c.Value).Length > 0).ToList() : [];
        var chosen = contracts.Where(c => name is null || c.Name == name).ToList();
        if (chosen is not [var one])
            throw new DiagnosticException(EvmCodes.Compilation,
                name is null ? $"the source has {Counted.Of(contracts.Count, "contract")} with code"
                    : $"there is no code of a contract '{Printable.Name(name)}'",
                new SourceLocation(file),
                contracts.Count == 0 ? null : $"pass --contract-name; known: {string.Join(", ", contracts.Select(c => c.Name))}");
        string abi = one.Value.GetProperty("abi").GetRawText();
        return ContractCode.OfHex(one.Name, Code(one.Value), ContractAbi.Read(Encoding.UTF8.GetBytes(abi), file, notes)) with
        {
            Compiler = version,
            AbiJson = abi,
        };
    }

    private static string Code(JsonElement contract) =>
        contract.GetProperty("evm").GetProperty("bytecode").GetProperty("object").GetString() ?? "";

    private static string Request(string source) => new JsonObject
    {
        ["language"] = "Solidity",
        ["sources"] = new JsonObject
        {
            [FileName] = new JsonObject { ["content"] = BuiltIns.Into(source) },
            [BuiltIns.File] = new JsonObject { ["content"] = BuiltIns.Source },
        },
        ["settings"] = new JsonObject
        {
            ["optimizer"] = new JsonObject { ["enabled"] = true, ["runs"] = 200 },
            ["outputSelection"] = new JsonObject
            {
                ["*"] = new JsonObject { ["*"] = new JsonArray("abi", "evm.bytecode.object") },
            },
        },
    }.ToJsonString();

    private static void Report(JsonElement result, string file, DiagnosticBag notes)
    {
        if (!result.TryGetProperty("errors", out var errors)) return;
        var found = new DiagnosticBag();
        foreach (var error in errors.EnumerateArray().Take(MaxShown))
        {
            string message = Printable.Name(Text(error, "message"));
            var place = Place(Text(error, "formattedMessage"), file);
            if (Text(error, "severity") == "error") found.Error(EvmCodes.Compilation, message, place);
            else if (!message.StartsWith(AboutMutability, StringComparison.Ordinal))
                notes.Warning(EvmCodes.CompilerWarning, message, place);
        }
        found.ThrowIfErrors();
    }

    // "contract.sol:12:5: TypeError: …"
    private static SourceLocation Place(string text, string file)
    {
        string[] parts = text.Split(':', 4);
        return parts.Length > 3 && int.TryParse(parts[1], out int row) && int.TryParse(parts[2], out int column)
            ? new SourceLocation(file, row, column) : new SourceLocation(file);
    }

    private static string Text(JsonElement error, string member) =>
        error.TryGetProperty(member, out var value) ? value.GetString() ?? "" : "";

    private string Run(string request)
    {
        using var node = Start();
        var answer = Task.Run(() => ReadAll(node.StandardOutput));
        var errors = Task.Run(() => ReadAll(node.StandardError));
        try
        {
            node.StandardInput.Write(request);
            node.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it read everything: its words say why.
        }
        if (!node.WaitForExit(s_limit))
        {
            node.Kill(entireProcessTree: true);
            throw new DiagnosticException(EvmCodes.Compilation, $"the compiler takes more than {s_limit.TotalMinutes:0} min");
        }
        string said = errors.Result;
        if (node.ExitCode == 0 && answer.Result.Length > 0) return answer.Result;
        throw new DiagnosticException(EvmCodes.NoCompiler, $"'{Printable.Name(package)}' is no compiler that Node.js runs",
            hint: $"{Hint}{(LastLine(said) is { Length: > 0 } line ? $"; it says: {line}" : "")}");
    }

    private Process Start()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        try
        {
            return Process.Start(new ProcessStartInfo("node", ["-e", Script, Path.GetFullPath(package)])
            {
                UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
                StandardInputEncoding = utf8, StandardOutputEncoding = utf8, StandardErrorEncoding = utf8,
            })!;
        }
        catch (Win32Exception)
        {
            throw new DiagnosticException(EvmCodes.NoCompiler, "there is no Node.js, which runs the compiler",
                hint: "install it, so that 'node' is found");
        }
    }

    private static string ReadAll(StreamReader reader)
    {
        var text = new StringBuilder();
        char[] part = new char[1 << 16];
        for (int count; (count = reader.Read(part)) > 0;)
        {
            if (text.Length + count <= MaxAnswer) text.Append(part, 0, count);
        }
        return text.ToString();
    }

    private static string LastLine(string text) =>
        Printable.Escape(text.Split('\n').LastOrDefault(line => line.Contains("Error", StringComparison.Ordinal)) ?? "");

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(Path.GetFullPath(folder)); at is not null; at = at.Parent) yield return at.FullName;
    }
}
