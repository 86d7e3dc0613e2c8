using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Passes;

/// <summary>
/// What a plugin brings beside passes, as rows of the float level and their integer forms. Of each public class with a parameterless
/// constructor that is one, an instance is made and asked once, when the plugin is loaded.
/// </summary>
public interface IPlugin
{
    void Register();
}

/// <summary>
/// A class library with passes: every public, non-abstract <see cref="Pass"/> with a parameterless constructor counts. What the program
/// already has loaded (CortexMl.Core above all, or the library itself) is shared with it; its other dependencies come from the folder in
/// which it lies.
/// </summary>
public static class PassPlugin
{
    private static readonly AssemblyName s_own = typeof(Pass).Assembly.GetName();

    /// <summary>
    /// Each file is loaded once: its rows are the same objects for whoever names it again. No lock is held for all files while a plugin's
    /// own code runs.
    /// </summary>
    private static readonly ConcurrentDictionary<(string File, DateTime Written, long Length), Lazy<IReadOnlyList<Func<Pass>>>> s_loaded =
        [];

    /// <summary>Libraries of one version with CortexMl.Core; a plugin may be called CortexMl.Something itself.</summary>
    private static readonly string[] s_product =
    [
        "CortexMl.Core", "CortexMl.Passes", "CortexMl.Frontends", "CortexMl.Data", "CortexMl.Cvm", "CortexMl.Chain", "CortexMl.Engines",
        "CortexMl.Library",
    ];

    /// <summary>Factories of its passes, in the order of their type names.</summary>
    /// <exception cref="DiagnosticException">
    /// CML0101, CML0102: no such file, or no class library; CML0906: no passes in it; CML0908: it was built against another version.
    /// </exception>
    public static IReadOnlyList<Func<Pass>> Load(string path)
    {
        var location = new SourceLocation(Path.GetFileName(path));
        if (!File.Exists(path)) throw new DiagnosticException(DiagnosticCodes.FileNotFound, $"no file '{path}'", location);
        // Opened by the runtime itself, a pipe that nobody writes into would be waited for.
        if (FileKinds.Of(path) is var kind and not FileKind.File)
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{path}' is {kind.Name()}, not a file", location);
        try
        {
            string file = Path.GetFullPath(path);
            var key = (file, File.GetLastWriteTimeUtc(file), new FileInfo(file).Length);
            var loading = s_loaded.GetOrAdd(key, _ => new(() => Loaded(file, path, location)));
            try
            {
                return loading.Value;
            }
            catch
            {
                s_loaded.TryRemove(new(key, loading));
                throw;
            }
        }
        catch (Exception error) when (error is BadImageFormatException or IOException or TypeLoadException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(
                DiagnosticCodes.FileUnreadable, $"'{path}' is no class library that can be loaded: {error.Message}", location,
                "build it for this .NET version against the same CortexMl.Core");
        }
    }

    private static IReadOnlyList<Func<Pass>> Loaded(string file, string path, SourceLocation location)
    {
        var assembly = AssemblyLoadContext.Default.Assemblies.FirstOrDefault(a => !a.IsDynamic && a.Location == file)
            ?? new Context(file).LoadFromAssemblyPath(file);
        CheckVersions(assembly, path, location);
        return PassesOf(assembly, path);
    }

    /// <summary>
    /// Factories of the passes of a class library that is loaded, in the order of their type names; what else it brings is registered.
    /// </summary>
    /// <param name="name">How messages call it.</param>
    /// <exception cref="DiagnosticException">CML0906: it has neither, or what it brings cannot be registered.</exception>
    public static IReadOnlyList<Func<Pass>> PassesOf(Assembly assembly, string name)
    {
        var types = assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal).ToList();
        List<Type> passes = [.. types.Where(IsMade<Pass>)], others = [.. types.Where(IsMade<IPlugin>)];
        foreach (var other in others) Register(other, name);
        if (passes.Count + others.Count == 0)
            throw new DiagnosticException(DiagnosticCodes.Plugin, $"'{name}' holds no pass", new SourceLocation(Path.GetFileName(name)),
                "a pass is a public class derived from CortexMl.Passes.Pass with a parameterless constructor");
        return [.. passes.Select(type => (Func<Pass>)(() => (Pass)Activator.CreateInstance(type)!))];
    }

    /// <summary>
    /// Whether a library that was built against one version runs on another: not before it, and of the same major number, while that is 0
    /// of the same minor number too.
    /// </summary>
    internal static bool Fits(Version built, Version own) =>
        built.Major == own.Major && built <= own && (own.Major > 0 || built.Minor == own.Minor);

    /// <summary>Before a type of it is asked for: the runtime's own words for a method that is not there name no version.</summary>
    private static void CheckVersions(Assembly assembly, string path, SourceLocation location)
    {
        foreach (var used in assembly.GetReferencedAssemblies().Where(IsOurs).OrderBy(a => a.Name, StringComparer.Ordinal))
        {
            if (used.Version is not { } built || Fits(built, s_own.Version!)) continue;
            throw new DiagnosticException(DiagnosticCodes.PluginVersion,
                $"'{path}' was built against {used.Name} {Short(built)}; this is {Short(s_own.Version!)}", location,
                $"rebuild {assembly.GetName().Name} with packages CortexMl.* of version {Short(s_own.Version!)}, "
                + $"or use cortexml {Short(built)}");
        }
    }

    private static bool IsOurs(AssemblyName name) => name.Name is { } text && s_product.Contains(text);

    private static string Short(Version version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}.{version.Build}");

    private static void Register(Type plugin, string name)
    {
        try
        {
            ((IPlugin)Activator.CreateInstance(plugin)!).Register();
        }
        catch (Exception error) when (error is not (DiagnosticException or OutOfMemoryException))
        {
            var cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            throw new DiagnosticException(DiagnosticCodes.Plugin, $"'{name}' cannot register what it brings: {cause.Message}",
                new SourceLocation(Path.GetFileName(name)), $"it is {plugin.FullName} that throws");
        }
    }

    private static bool IsMade<T>(Type type) =>
        type is { IsAbstract: false, IsInterface: false } && typeof(T).IsAssignableFrom(type)
        && type.GetConstructor(Type.EmptyTypes) is not null;

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
