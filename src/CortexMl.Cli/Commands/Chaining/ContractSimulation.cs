using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Chain.Words;
using CortexMl.Chaining;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Evm;
using CortexMl.Evm.Calling;
using CortexMl.Evm.Compiling;
using CortexMl.Evm.Machine;
using CortexMl.Files;
using CortexMl.Running;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary>Runs a contract with the model; the only user of CortexMl.Evm, which is loaded with the first call of it.</summary>
internal static class ContractSimulation
{
    private const string ModelAddress = "0x00000000000000000000000000000000000000c0";

    private const string InputAddress = "0x00000000000000000000000000000000000000da";

    /// <param name="words">Of an input, which the contract gets first; null where there is none.</param>
    public static int Run(Session session, GivenContract given, Model model, byte[]? words, RunOptions options, bool json)
    {
        var code = Code(session, given);
        var report = ContractRun.Of(code, Account(given, model, words, options), new CallPlan
        {
            Constructor = given.Constructor, Words = words is null ? null : ChainWords.ToValues(words),
            Calls = [.. given.Calls.Select(CallText.Parse)], Outputs = OutputWords.ElementCount(model.Cvm!),
        }, new EvmLimits { Gas = given.Gas }, session.Notes);
        session.ShowNotes();
        session.Terminal.Write(json ? FileSchemas.Write(report) : ContractText.Of(report));
        return report.IsExpected ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static CalledModel Account(GivenContract given, Model model, byte[]? words, RunOptions options)
    {
        var cvm = model.Cvm!;
        long operations = cvm.Gas();
        byte[] address = Address.Parse(given.ModelAddress ?? ModelAddress);
        return new(address, cvm.InputLength, ChainRules.InferGas(operations), ChainRules.InferArrayGas(operations),
            stored => Simulation.Run(model, stored, null, options).Output[..(int)cvm.OutputLength])
        {
            Input = words is null ? null : new CalledInput(Address.Parse(InputAddress), words),
        };
    }

    private static ContractCode Code(Session session, GivenContract given)
    {
        string file = InputFile.DisplayName(given.Source);
        var code = Path.GetExtension(file).ToUpperInvariant() switch
        {
            ".SOL" => Compiled(session, given, file),
            ".JSON" => ContractCode.OfArtefact(InputFile.ReadAllBytes(given.Source), file, null, session.Notes),
            _ => ContractCode.OfHex(Path.GetFileNameWithoutExtension(file), InputFile.ReadAllText(given.Source), given.Abi
                ?? throw ChainArguments.Usage($"'{Printable.Name(file)}' is code without an ABI", "pass --abi FILE")),
        };
        session.ShowNotes();
        return given.Abi is null ? code : code with { Abi = given.Abi };
    }

    private static ContractCode Compiled(Session session, GivenContract given, string file)
    {
        string source = InputFile.ReadAllText(given.Source);
        string folder = Path.GetDirectoryName(Path.GetFullPath(given.Source))!, recorded = Path.ChangeExtension(given.Source, ".json");
        var compiler = given.Compiler is { } package ? new SolidityCompiler(package) : SolidityCompiler.Find(folder, ".");
        if (compiler is null && File.Exists(recorded))
            return ContractCode.OfArtefact(InputFile.ReadAllBytes(recorded), InputFile.DisplayName(recorded), source, session.Notes);
        if (compiler is null)
            throw new DiagnosticException(EvmCodes.NoCompiler, $"there is no compiler for '{Printable.Name(file)}'",
                hint: "npm install solc@0.4.26, here or at the contract; or --solc DIR; or code recorded beside it, by --save-code");
        var code = compiler.Compile(source, given.Name, file, session.Notes);
        if (given.SavedCode is { } target) AtomicFile.WriteText(target, code.ToJson(source));
        return code;
    }
}
