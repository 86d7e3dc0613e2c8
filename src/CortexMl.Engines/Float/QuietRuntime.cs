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
}
