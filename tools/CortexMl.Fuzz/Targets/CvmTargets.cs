using CortexMl.Analysis;
using CortexMl.Cvm;
using CortexMl.Cvm.Params;
using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Interpreter;

namespace CortexMl.Fuzz;

/// <summary>Symbol and params: read, checked, and run where they are accepted and small.</summary>
internal static class CvmTargets
{
    /// <summary>Larger models are only checked: their time is what their gas says, not the reader's.</summary>
    private const long LargestStorage = 1 << 18, LargestGas = 5_000_000;

    private static readonly CvmLoadOptions s_options = new() { MaxMemory = Target.Declared };

    public static IEnumerable<Target> Of(string? cases)
    {
        string[] parents = [SeedFiles.Folder("golden", "cvm"), SeedFiles.Folder("tools", "CortexMl.Fuzz", "Seeds", "cvm"),
            .. cases is null ? Array.Empty<string>() : [cases]];
        var folders = parents.SelectMany(Directory.EnumerateDirectories).ToList();
        yield return new("cvm-symbol", true, SeedFiles.Pairs(folders, "symbol", "params"),
            attempt => CheckAndRun(attempt.Bytes, attempt.Seed.Companion!));
        yield return new("cvm-params", false, SeedFiles.Pairs(folders, "params", "symbol"), attempt =>
        {
            CheckAndRun(attempt.Seed.Companion!, attempt.Bytes);
            CvmParams.Read(attempt.Bytes, attempt.Seed.Name);
        });
    }

    private static void CheckAndRun(byte[] symbol, byte[] parameters)
    {
        var result = CvmCheck.Run(symbol, parameters, s_options,
            model => PortableRules.Check(model.Graph).Select(_ => new Diagnostic(LibraryCodes.Divergent, Severity.Warning, "divergent")));
        if (result.Status != CvmStatus.Ok) throw new DiagnosticException(result.Findings);
        var model = result.Model!;
        if (model.StorageSize > LargestStorage || result.Gas > LargestGas || model.InputLength > LargestStorage) return;
        byte[] expected = Run(model, new InterpreterEngine());
        Run(model, new InterpreterEngine(new InterpreterOptions { Profile = InterpreterProfile.ReferenceCpu }));
        if (!model.Storage.IsAliased && !Run(model, new CpuEngine()).AsSpan().SequenceEqual(expected))
            throw new InvalidOperationException("the engines disagree");
    }

    private static byte[] Run(CvmModel model, IEngine engine)
    {
        var raw = new byte[model.InputLength];
        for (int i = 0; i < raw.Length; i++) raw[i] = (byte)(i * 37 + 128);
        using var executable = engine is InterpreterEngine interpreter && model.Storage.IsAliased
            ? interpreter.Prepare(model.Graph, new StoragePlan(model.Storage.Slots, model.Storage.Sizes))
            : engine.Prepare(model.Graph);
        byte[] output = OutputConversion.ToBytes(model, executable.Run([InputConversion.FromBytes(model, raw)]));
        return output.Length == model.OutputLength ? output : throw new InvalidOperationException("the output is not as long as reported");
    }
}
