using System.Reflection;
using System.Runtime.Loader;
using CortexMl.Diagnostics;
using CortexMl.Serve;

namespace CortexMl.Cli.Commands.Serving;

/// <summary>
/// ASP.NET Core, which is a part of .NET of its own. Programs that bring their .NET have it; the others do not ask for it when they start,
/// so that all other commands run without, and look for it beside the .NET that runs them.
/// </summary>
internal static class PageRuntime
{
    private const string Name = "Microsoft.AspNetCore.App", Some = "Microsoft.AspNetCore";

    /// <summary>From here on types of it can be used.</summary>
    /// <exception cref="DiagnosticException">CML1109.</exception>
    public static void Need()
    {
        if (IsThere()) return;
        string folder = Folder() ?? throw new DiagnosticException(ServeCodes.NoRuntime,
            $"the page needs ASP.NET Core {Environment.Version.Major}.{Environment.Version.Minor}, which is not installed",
            hint: $"install the ASP.NET Core runtime (dotnet --list-runtimes shows {Name} then), or take the program that needs no .NET");
        AssemblyLoadContext.Default.Resolving += (context, wanted) =>
            Path.Combine(folder, wanted.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }

    private static bool IsThere()
    {
        try
        {
            Assembly.Load(Some);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The newest of the same version as the .NET that runs; null where there is none.</summary>
    private static string? Folder()
    {
        var (running, core) = (Environment.Version, Path.GetDirectoryName(typeof(object).Assembly.Location));
        if (string.IsNullOrEmpty(core)) return null;
        //  dotnet/shared/Microsoft.NETCore.App/10.0.1   ⇒   dotnet/shared/Microsoft.AspNetCore.App/10.0.*
        string all = Path.GetFullPath(Path.Combine(core, "..", "..", Name));
        if (!Directory.Exists(all)) return null;
        return Directory.EnumerateDirectories(all)
            .Select(path => (Path: path, Version: Version.TryParse(Path.GetFileName(path), out var version) ? version : null))
            .Where(found => found.Version is { } version && (version.Major, version.Minor) == (running.Major, running.Minor))
            .OrderByDescending(found => found.Version).Select(found => found.Path).FirstOrDefault();
    }
}
