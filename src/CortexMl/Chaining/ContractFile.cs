using CortexMl.Chain;
using CortexMl.Chain.Solidity;
using CortexMl.Files;

namespace CortexMl.Chaining;

/// <summary>The Solidity source for a compiled folder or a package.</summary>
public static class ContractFile
{
    /// <param name="name">Of the contract.</param>
    /// <exception cref="Diagnostics.DiagnosticException">CML1040 no name for a contract; whatever loading finds.</exception>
    public static string Write(string folder, string name, ModelOptions? options = null) =>
        FolderManifest.Guard(folder, acceptsEdited: true, () =>
    {
        var model = ChainModel.Load(folder, options);
        var outputs = model.Io?.Outputs;
        return ContractWriter.Write(
            ChainModel.Cvm(model), new ContractOptions(name, Hex.Of(Packer.InfoHash(folder)), outputs?.Select(o => o.Scale).ToList())
            {
                LastStep = outputs?[0].LastStep?.ToString(),
            });
    });
}
