using CortexMl.Engines.Interpreter;

namespace CortexMl.Conformance;

/// <summary>The command line.</summary>
internal sealed record Options(string Folder, InterpreterProfile Profile, string Engine = "interpreter")
{
    public const string Usage = "usage: FOLDER [--engine interpreter|cpu] [--profile definition|reference-cpu]";

    /// <summary>Null where the command line makes no sense.</summary>
    public static Options? Parse(string[] args)
    {
        if (args.Length % 2 == 0 || !Directory.Exists(args[0])) return null;
        var options = new Options(args[0], InterpreterProfile.ReferenceCpu);
        for (int i = 1; i < args.Length; i += 2)
        {
            switch (args[i], args[i + 1])
            {
                case ("--engine", "interpreter"): break;
                case ("--engine", "cpu"): options = options with { Engine = "cpu", Profile = InterpreterProfile.Definition }; break;
                case ("--profile", "definition"): options = options with { Profile = InterpreterProfile.Definition }; break;
                case ("--profile", "reference-cpu"): options = options with { Profile = InterpreterProfile.ReferenceCpu }; break;
                default: return null;
            }
        }
        return options is { Engine: "cpu", Profile: InterpreterProfile.ReferenceCpu } ? null : options;
    }
}
