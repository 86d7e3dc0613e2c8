using CortexMl.Diagnostics;
using CortexMl.Evaluating;

namespace CortexMl.Restoring;

/// <summary>
/// What a compilation found out that kept operations in float: of a mixture that nobody can upload. Sizes and gas beside it are those of
/// the network in integers, of which nothing was written.
/// </summary>
/// <param name="Operations">That stayed in float, by the names that calibrate saw.</param>
/// <param name="Islands">How many there are when neighbours count as one.</param>
/// <param name="Outputs">Signal to noise of every output, without and with them.</param>
public sealed record RestoreReport(IReadOnlyList<string> Operations, int Islands, IReadOnlyList<RestoredOutput> Outputs)
{
    /// <summary>The float network and the one in integers alone, on the test data; null where none was given.</summary>
    public Evaluation? Integer { get; init; }

    /// <summary>Layers that were kept in float one by one, the one that buys most first; null where nobody asked.</summary>
    public IReadOnlyList<RestoredLayer>? Each { get; init; }

    /// <summary>Says that a folder holds a model to upload, which the files of a run for looking would take away.</summary>
    /// <exception cref="DiagnosticException">CML0982.</exception>
    public static void CheckFolder(string folder)
    {
        if (File.Exists(Path.Combine(folder, "symbol")))
            throw new DiagnosticException(LibraryCodes.RestoreUnfit,
                $"'{folder}' holds a compiled model, and operations that stay in float make none that could take its place",
                hint: "pass another folder with -o, for report.json and the scheme");
    }
}

/// <summary>Signal to noise of an output against the float network, in dB; null where there is no noise.</summary>
/// <param name="Output">The network's name of it.</param>
/// <param name="Integer">Of the network in integers.</param>
/// <param name="Restored">With the operations in float.</param>
/// <param name="Chance">Standard error of the difference, in dB; null of one sample.</param>
public sealed record RestoredOutput(string Output, double? Integer, double? Restored, double? Chance);

/// <summary>What a layer alone buys.</summary>
/// <param name="Operation">Its row.</param>
/// <param name="Decibels">Of the noisiest output with the layer in float; null where there is no noise.</param>
/// <param name="Gain">By how much that is more than without.</param>
/// <param name="Chance">Standard error of that: what other samples would have made of it. Null of one sample.</param>
public sealed record RestoredLayer(string Layer, string Operation, double? Decibels, double Gain, double? Chance);
