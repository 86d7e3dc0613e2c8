using CortexMl.Diagnostics;

namespace CortexMl.Passes;

/// <summary>The passes that pipelines may name, in the order in which they were registered.</summary>
public sealed class PassRegistry
{
    private readonly List<PassInfo> _infos = [];
    private readonly Dictionary<string, Func<Pass>> _factories = new(StringComparer.Ordinal);

    public PassRegistry(params IEnumerable<Func<Pass>> factories)
    {
        foreach (var factory in factories) Register(factory);
    }

    public IReadOnlyList<PassInfo> Passes => _infos;

    /// <exception cref="DiagnosticException">CML0906: another pass has that name.</exception>
    public void Register(Func<Pass> factory)
    {
        var info = factory().Info;
        if (!_factories.TryAdd(info.Name, factory))
            throw new DiagnosticException(
                DiagnosticCodes.Plugin, $"two passes are named '{info.Name}'", hint: "rename the pass of the plugin");
        _infos.Add(info);
    }

    /// <summary>Registers every pass of a class library; returns their records.</summary>
    /// <exception cref="DiagnosticException">
    /// CML0101, CML0102 or CML0906: no such file, no class library, no passes in it, or a name that is taken.
    /// </exception>
    public IReadOnlyList<PassInfo> LoadPlugin(string path)
    {
        int before = _infos.Count;
        foreach (var factory in PassPlugin.Load(path)) Register(factory);
        return [.. _infos.Skip(before)];
    }

    public bool Contains(string name) => _factories.ContainsKey(name);

    /// <summary>A fresh instance of the pass.</summary>
    /// <exception cref="DiagnosticException">CML0902.</exception>
    public Pass Create(string name) =>
        _factories.TryGetValue(name, out var factory) ? factory() : throw new DiagnosticException([Unknown(name)]);

    /// <summary>The diagnostic for a name that no pass has: the nearest name and the whole list.</summary>
    public Diagnostic Unknown(string name) => new(DiagnosticCodes.UnknownPass, Severity.Error,
        $"no pass is named '{name}'{(Nearest.Hint(name, _infos.Select(i => i.Name)) is { } hint ? $"; {hint}" : "")}",
        Hint: $"passes: {string.Join(", ", _infos.Select(i => i.Name))}");
}
