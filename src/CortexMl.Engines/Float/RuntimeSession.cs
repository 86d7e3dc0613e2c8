using CortexMl.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace CortexMl.Engines.Float;

/// <summary>A model on ONNX Runtime, with its mistakes told as diagnostics.</summary>
internal static class RuntimeSession
{
    /// <exception cref="DiagnosticException">CML0750: it refuses the model; CML0752: it cannot be loaded on this machine.</exception>
    public static InferenceSession Open(byte[] onnx, FloatOptions options)
    {
        try
        {
            QuietRuntime.Start();
            using var settings = new SessionOptions
            {
                GraphOptimizationLevel = options.Optimise ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
                IntraOpNumThreads = options.Threads,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            if (!options.Spins) settings.AddSessionConfigEntry("session.force_spinning_stop", "1");
            // What is constant is computed here.
            SignalStack.Enlarge();
            return new InferenceSession(onnx, settings);
        }
        catch (OnnxRuntimeException error)
        {
            throw new DiagnosticException(FloatCodes.ModelRefused,
                $"ONNX Runtime refused the network: {RuntimeMessage.Essential(error.Message)}");
        }
        catch (Exception error) when (QuietRuntime.IsMissing(error))
        {
            throw new DiagnosticException(
                FloatCodes.NotAvailable,
                $"ONNX Runtime cannot be loaded: {RuntimeMessage.Essential((error.InnerException ?? error).Message)}",
                hint: "this needs the native library of the package Microsoft.ML.OnnxRuntime for this system");
        }
    }

    public static DiagnosticException Failed(OnnxRuntimeException error) => new(
        FloatCodes.RunFailed, $"ONNX Runtime failed to run the network: {RuntimeMessage.Essential(error.Message)}");
}
