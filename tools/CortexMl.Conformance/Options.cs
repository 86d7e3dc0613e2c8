using CortexMl.Engines;
using CortexMl.Engines.Interpreter;

namespace CortexMl.Conformance;

/// <summary>The command line.</summary>
/// <param name="Engine">What runs models without aliased storage; null for the interpreter.</param>
internal sealed record Options(string Folder, InterpreterProfile Profile, EngineDescription? Engine = null)
{
    public static string Usage { get; } =
        $"usage: FOLDER [--engine {string.Join('|', EngineList.OfProduct.Names)}] [--profile definition|reference-cpu]";

    private static string Interpreter => EngineList.OfProduct.Reference.Name;

    public string Name => Engine?.Name ?? Interpreter;

    /// <summary>Null where the command line makes no sense.</summary>
    public static Options? Parse(string[] args)
    {
        if (args.Length % 2 == 0 || !Directory.Exists(args[0])) return null;
        var options = new Options(args[0], InterpreterProfile.ReferenceCpu);
        for (int i = 1; i < args.Length; i += 2)
        {
            switch (args[i], args[i + 1])
            {
                case ("--engine", var name) when name == Interpreter: break;
                case ("--engine", var name) when EngineList.OfProduct.Find(name) is { } engine:
                    options = options with { Engine = engine, Profile = InterpreterProfile.Definition };
                    break;
                case ("--profile", "definition"): options = options with { Profile = InterpreterProfile.Definition }; break;
                case ("--profile", "reference-cpu"): options = options with { Profile = InterpreterProfile.ReferenceCpu }; break;
                default: return null;
            }
        }
        return options.Engine is not null && options.Profile == InterpreterProfile.ReferenceCpu ? null : options;
    }
}
