using System.Security.Cryptography;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Cli.Presentation;

/// <summary>Leaves behind what replays the failure of a pass.</summary>
internal static class InternalErrors
{
    /// <summary>What a reproducer calls the file of its constants before the text, and with it the name, is known.</summary>
    public const string Tensors = "cortexml-reproducer.npz";

    private const int DigestLength = 8;

    /// <summary>
    /// Writes the text under a name made of its content: another failure never replaces it, the same one leaves one file.
    /// </summary>
    public static void Save(Session session)
    {
        if (session.Reproducer is not var (text, constants)) return;
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..DigestLength];
        string name = $"cortexml-reproducer-{digest}";
        try
        {
            AtomicFile.WriteText(name + ".cml", text.Replace($"file(\"{Tensors}\"", $"file(\"{name}.npz\"", StringComparison.Ordinal));
            if (constants.Count > 0) NpzWriter.Write(name + ".npz", constants);
            session.Terminal.Error.Write(
                $"  replay: {name}.cml holds the graph before the pass and what was run: cortexml replay {name}.cml\n");
        }
        catch (DiagnosticException error)
        {
            session.Show(error.Diagnostics);
        }
    }
}
