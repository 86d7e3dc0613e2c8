using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace CortexMl.ChainCheck;

/// <summary>Runs the scripts of tools/chain, where other implementations live.</summary>
/// <param name="folder">tools/chain.</param>
public sealed class NodeScript(string folder)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(4);

    /// <summary>Why nothing can run here; null where it can.</summary>
    public string? Problem()
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "ethers")))
            return "the npm packages are missing: run npm install in tools/chain";
        try
        {
            using var node = Start("--version");
            node.WaitForExit();
            return null;
        }
        catch (Win32Exception)
        {
            return "there is no Node.js";
        }
    }

    /// <summary>Gives a script lines and returns those that it writes.</summary>
    /// <exception cref="InvalidOperationException">The script failed or took too long.</exception>
    public IReadOnlyList<string> Run(IEnumerable<string> input, params string[] arguments)
    {
        using var node = Start(arguments);
        var errors = node.StandardError.ReadToEndAsync();
        var output = node.StandardOutput.ReadToEndAsync();
        foreach (string line in input) node.StandardInput.Write(line + "\n");
        node.StandardInput.Close();
        if (!node.WaitForExit(s_limit))
        {
            node.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"node {string.Join(' ', arguments)} took more than {s_limit}");
        }
        if (errors.Result.Length > 0) throw new InvalidOperationException($"node {string.Join(' ', arguments)}: {errors.Result}");
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private Process Start(params string[] arguments)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return Process.Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = utf8, StandardOutputEncoding = utf8, StandardErrorEncoding = utf8,
        })!;
    }
}
