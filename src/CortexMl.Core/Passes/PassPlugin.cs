using System.Reflection;
using System.Runtime.Loader;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Passes;

/// <summary>
/// A class library with passes: every public, non-abstract <see cref="Pass"/> with a parameterless constructor counts. What the program
/// already has loaded (CortexMl.Core above all) is shared with it; its other dependencies come from the folder in which it lies.
/// </summary>
public static class PassPlugin
{
    /// <summary>Factories of its passes, in the order of their type names.</summary>
    public static IReadOnlyList<Func<Pass>> Load(string path)
    {
        var location = new SourceLocation(Path.GetFileName(path));
        if (!File.Exists(path)) throw new DiagnosticException(DiagnosticCodes.FileNotFound, $"no file '{path}'", location);
        // Opened by the runtime itself, a pipe that nobody writes into would be waited for.
        if (FileKinds.Of(path) is var kind and not FileKind.File)
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{path}' is {kind.Name()}, not a file", location);
        Type[] types;
        try
        {
            types = new Context(Path.GetFullPath(path)).LoadFromAssemblyPath(Path.GetFullPath(path)).GetExportedTypes();
        }
        catch (Exception error) when (error is BadImageFormatException or IOException or TypeLoadException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(
                DiagnosticCodes.FileUnreadable, $"'{path}' is no class library that can be loaded: {error.Message}", location,
                "build it for this .NET version against the same CortexMl.Core");
        }
        var passes = types.Where(IsPass).OrderBy(t => t.FullName, StringComparer.Ordinal).ToList();
        if (passes.Count == 0)
            throw new DiagnosticException(DiagnosticCodes.Plugin, $"'{path}' holds no pass", location,
                "a pass is a public class derived from CortexMl.Passes.Pass with a parameterless constructor");
        return [.. passes.Select(type => (Func<Pass>)(() => (Pass)Activator.CreateInstance(type)!))];
    }

    private static bool IsPass(Type type) =>
        !type.IsAbstract && typeof(Pass).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null;

    private sealed class Context(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
        {
            if (Default.Assemblies.Any(a => a.GetName().Name == name.Name)) return null;
            return _resolver.ResolveAssemblyToPath(name) is { } dependency ? LoadFromAssemblyPath(dependency) : null;
        }
    }
}
