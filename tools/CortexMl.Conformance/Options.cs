using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Interpreter;

namespace CortexMl.Conformance;

/// <summary>The command line.</summary>
internal sealed record Options(string Folder, InterpreterProfile Profile, string Engine = Options.Interpreter)
{
    public const string Usage = "usage: FOLDER [--engine interpreter|cpu|ilgpu-cpu|opencl|cuda] [--profile definition|reference-cpu]";

    private const string Interpreter = "interpreter", Cpu = "cpu";

    /// <summary>Null where the command line makes no sense.</summary>
    public static Options? Parse(string[] args)
    {
        if (args.Length % 2 == 0 || !Directory.Exists(args[0])) return null;
        var options = new Options(args[0], InterpreterProfile.ReferenceCpu);
        for (int i = 1; i < args.Length; i += 2)
        {
            switch (args[i], args[i + 1])
            {
                case ("--engine", Interpreter): break;
                case ("--engine", var name) when name == Cpu || GpuKinds.Find(name) is not null:
                    options = options with { Engine = name, Profile = InterpreterProfile.Definition };
                    break;
                case ("--profile", "definition"): options = options with { Profile = InterpreterProfile.Definition }; break;
                case ("--profile", "reference-cpu"): options = options with { Profile = InterpreterProfile.ReferenceCpu }; break;
                default: return null;
            }
        }
        return options.Engine != Interpreter && options.Profile == InterpreterProfile.ReferenceCpu ? null : options;
    }

    /// <summary>What runs models without aliased storage; null for the interpreter.</summary>
    public IEngine? Make() => Engine switch
    {
        Interpreter => null,
        Cpu => new CpuEngine(),
        _ => new GpuEngine(new GpuOptions { Kind = GpuKinds.Find(Engine)!.Value }),
    };
}
