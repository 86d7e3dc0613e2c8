using System.Globalization;

namespace CortexMl.Frontends.MxNet;

/// <summary>How MXNet names the files of a model: <c>x-symbol.json</c> with <c>x-0010.params</c> or <c>x.params</c>.</summary>
public static class ModelFiles
{
    private const string SymbolEnding = "-symbol.json";

    /// <summary>The file's name without folder and ending: the network's name.</summary>
    public static string BaseName(string symbolPath)
    {
        string name = Path.GetFileName(symbolPath);
        return name.EndsWith(SymbolEnding, StringComparison.Ordinal)
            ? name[..^SymbolEnding.Length]
            : Path.GetFileNameWithoutExtension(name);
    }

    /// <summary>The parameter file beside a symbol: the highest epoch, else the one without a number, else null.</summary>
    public static string? ParamsBeside(string symbolPath)
    {
        string folder = Path.GetDirectoryName(symbolPath) is { Length: > 0 } given ? given : ".", name = BaseName(symbolPath);
        if (!Directory.Exists(folder)) return null;
        string? epoch = Directory.EnumerateFiles(folder, "*.params").Where(p => Epoch(p, name) is not null).MaxBy(p => Epoch(p, name));
        string plain = Path.Combine(folder, name + ".params");
        return epoch ?? (File.Exists(plain) ? plain : null);
    }

    private static int? Epoch(string path, string name)
    {
        string file = Path.GetFileNameWithoutExtension(path);
        return file.StartsWith(name + "-", StringComparison.Ordinal)
            && int.TryParse(file.AsSpan(name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) ? epoch : null;
    }
}
