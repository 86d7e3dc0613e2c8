using Microsoft.ML.OnnxRuntime;

namespace CortexMl.Engines.Float;

/// <summary>
/// ONNX Runtime without its telemetry, which its packages send by default since 1.29: events with the path of the program, an id of the
/// machine kept below the user's cache folder, and an address looked up on the network. Its documented switch keeps all of that from
/// starting; it counts only before the library's environment exists. The call afterwards is for systems that do not read the switch.
/// </summary>
public static class QuietRuntime
{
    private static readonly Lazy<bool> s_started = new(() =>
    {
        NativeEnvironment.Set("ORT_DISABLE_TELEMETRY", "1", replaces: true);
        OrtEnv.Instance().DisableTelemetryEvents();
        return true;
    });

    /// <summary>To be called before anything else of ONNX Runtime is.</summary>
    public static void Start() => _ = s_started.Value;

    /// <summary>The version of the library on this machine; null where it cannot be loaded.</summary>
    public static string? Version
    {
        get
        {
            try
            {
                Start();
                return OrtEnv.Instance().GetVersionString();
            }
            catch (Exception error) when (IsMissing(error))
            {
                return null;
            }
        }
    }

    /// <summary>Whether that is what .NET says of a native library that is not there, or for another system.</summary>
    internal static bool IsMissing(Exception error) =>
        error is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException;
}
