using System.Globalization;
using CortexMl.Chain;
using CortexMl.Chain.Solidity;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Numerics;

namespace CortexMl.Chaining;

/// <summary>The Solidity source for a compiled folder or a package.</summary>
public static class ContractFile
{
    /// <param name="name">Of the contract.</param>
    /// <exception cref="Diagnostics.DiagnosticException">CML1040 no name for a contract; whatever loading finds.</exception>
    public static string Write(string folder, string name, ModelOptions? options = null) =>
        FolderManifest.Guard(folder, acceptsEdited: true, () =>
            Write(ChainModel.Load(folder, options), name, Hex.Of(Packer.InfoHash(folder))));

    /// <param name="model">One that the chain can call.</param>
    /// <param name="infoHash">Null leaves it out.</param>
    /// <exception cref="Diagnostics.DiagnosticException">CML1040.</exception>
    public static string Write(Model model, string name, string? infoHash)
    {
        var outputs = model.Io?.Outputs;
        return ContractWriter.Write(ChainModel.Cvm(model), new ContractOptions(name, infoHash, outputs?.Select(o => o.Scale).ToList())
        {
            LastStep = outputs?[0].LastStep?.ToString(),
            InputRules = [.. (model.Io?.Inputs ?? []).Select(input => Rule(input, model))],
            Pixels = PixelTables.Of(model),
        });
    }

    /// <summary>What <see cref="Running.InputQuantizer"/> does to a number that is prepared, for people to read.</summary>
    private static string Rule(ModelPort input, Model model)
    {
        string prepared = model.Io!.Preprocessing.ToString() is { Length: > 0 } preparation ? $", x prepared with {preparation}" : "";
        string real = input.Centering is { } centering ? centering.ToString() : "x";
        string which = model.Inputs.Count > 1 ? $"{input.Name}: " : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{which}floor({real} · {Numbers.Format(input.Scale)} + 0.5) within ±{Precisions.Bound(input.Precision)}{prepared}");
    }
}
