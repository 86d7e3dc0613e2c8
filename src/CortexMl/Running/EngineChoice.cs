using CortexMl.Diagnostics;
using CortexMl.Engines.Interpreter;

namespace CortexMl.Running;

/// <summary>Which engine runs an integer model.</summary>
public static class EngineChoice
{
    public const string Interpreter = "interpreter", Cpu = "cpu", Auto = "auto";

    /// <summary>The engine, and why it is another one than the fast one; null where there is nothing to say.</summary>
    /// <exception cref="DiagnosticException">CML0923: no such engine, or one that cannot run this model.</exception>
    public static (string Engine, string? Note) Of(Model model, RunOptions options)
    {
        if (options.Engine is not (Interpreter or Cpu or Auto))
            throw new DiagnosticException(LibraryCodes.UnknownEngine, $"there is no engine '{options.Engine}'", hint: $"engines: {Interpreter}, {Cpu}, {Auto}");
        string? why = model.Cvm is { Storage.IsAliased: true } ? $"values of '{model.Name}' share storage while both are needed"
            : options.Profile != InterpreterProfile.Definition ? "another device's arithmetic was asked for" : null;
        if (options.Engine == Interpreter) return (Interpreter, null);
        if (why is null) return (Cpu, null);
        return options.Engine == Auto ? (Interpreter, $"{why}: it runs on the interpreter")
            : throw new DiagnosticException(LibraryCodes.UnknownEngine, $"{why}: only the interpreter can run that", hint: $"pass --engine {Interpreter}");
    }
}
