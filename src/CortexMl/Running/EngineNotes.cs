using CortexMl.Diagnostics;

namespace CortexMl.Running;

/// <summary>Says where a model does not run on the engine that one would expect.</summary>
public static class EngineNotes
{
    /// <exception cref="DiagnosticException">CML0923: no such engine, or one that cannot run this model.</exception>
    public static void Add(Model model, RunOptions options, DiagnosticBag notes)
    {
        if (model.IsInteger && EngineChoice.Of(model, options).Note is { } note) notes.Note(LibraryCodes.EngineFallback, note);
    }
}
