using System.Runtime.InteropServices;

namespace CortexMl.Engines;

/// <summary>
/// Settings that native libraries read from the process's own environment. On Unix .NET keeps a copy of it, so that what
/// <see cref="Environment.SetEnvironmentVariable(string, string?)"/> sets never arrives there.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>To be set before the library that reads it is loaded.</summary>
    /// <param name="replaces">Whether it takes the place of what the user set.</param>
    public static void Set(string name, string value, bool replaces)
    {
        if (!OperatingSystem.IsWindows()) SetEnv(name, value, replaces ? 1 : 0);
        else if (replaces || Environment.GetEnvironmentVariable(name) is null) Environment.SetEnvironmentVariable(name, value);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);
}
