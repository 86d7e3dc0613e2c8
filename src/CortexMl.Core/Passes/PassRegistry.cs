using System.Reflection;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>The passes that pipelines may name, in the order in which they were registered, and the pipelines that have names.</summary>
public sealed class PassRegistry
{
    private readonly List<PassInfo> _infos = [];
    private readonly Dictionary<string, Func<Pass>> _factories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Pipeline> _pipelines = new(StringComparer.Ordinal);

    public PassRegistry(params IEnumerable<Func<Pass>> factories)
    {
        foreach (var factory in factories) Register(factory);
    }

    public IReadOnlyList<PassInfo> Passes => _infos;

    /// <exception cref="DiagnosticException">CML0906: another pass has that name.</exception>
    public void Register(Func<Pass> factory)
    {
        var info = factory().Info;
        if (_pipelines.ContainsKey(info.Name) || !_factories.TryAdd(info.Name, factory))
            throw new DiagnosticException(
                DiagnosticCodes.Plugin, $"two passes are named '{info.Name}'", hint: "rename the pass of the plugin");
        _infos.Add(info);
    }

    /// <summary>Registers every pass of a class library; returns their records.</summary>
    /// <exception cref="DiagnosticException">
    /// CML0101, CML0102, CML0906 or CML0908: no such file, no class library, no passes in it, a name that is taken, or another version.
    /// </exception>
    public IReadOnlyList<PassInfo> LoadPlugin(string path)
    {
        int before = _infos.Count;
        foreach (var factory in PassPlugin.Load(path)) Register(() => Made(factory, path));
        return [.. _infos.Skip(before)];
    }

    /// <summary>Registers every pass of a class library that the program already uses.</summary>
    /// <exception cref="DiagnosticException">CML0906: no passes in it, or a name that is taken.</exception>
    public void Register(Assembly assembly)
    {
        foreach (var factory in PassPlugin.PassesOf(assembly, assembly.GetName().Name!)) Register(factory);
    }

    private static Pass Made(Func<Pass> factory, string plugin)
    {
        try
        {
            return factory();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            var cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            throw new DiagnosticException(DiagnosticCodes.Plugin, $"a pass of '{plugin}' cannot be made: {cause.Message}",
                new SourceLocation(Path.GetFileName(plugin)), "its constructor or its record throws");
        }
    }

    /// <summary>From now on pipelines may name this one.</summary>
    public PassRegistry WithPipeline(string name, Pipeline pipeline)
    {
        _pipelines[name] = pipeline;
        return this;
    }

    /// <summary>The pipeline of that name, or null.</summary>
    public Pipeline? FindPipeline(string name) => _pipelines.GetValueOrDefault(name);

    /// <summary>
    /// The passes that run where a pipeline is applied to a graph of this level: names of pipelines are spelled out, from the first pass
    /// on from which every pass gets a level that it takes, and edits are made from left to right.
    /// </summary>
    /// <exception cref="DiagnosticException">CML0902, CML0907: all of them.</exception>
    public Pipeline Resolve(Pipeline pipeline, Level level)
    {
        var problems = new DiagnosticBag();
        var resolved = Edited(pipeline, level, problems);
        problems.ThrowIfErrors();
        return resolved;
    }

    /// <summary>As <see cref="Resolve"/>; steps that mean nothing are left out.</summary>
    internal Pipeline Edited(Pipeline pipeline, Level level, DiagnosticBag problems) =>
        new PipelineEditor(this, level, problems).Edit(pipeline);

    /// <summary>A resolved pipeline with every option of every pass, as it runs: in the order of their records.</summary>
    public Pipeline WithDefaults(Pipeline resolved) => new([.. resolved.Steps.Select(step => step with
    {
        Options = [.. Record(step.Pass).Options.Select(option => new KeyValuePair<string, string>(
            option.Name, step.Options.FirstOrDefault(o => o.Key == option.Name).Value ?? option.Default))],
    })]);

    internal PassInfo Record(string name) => _infos.First(info => info.Name == name);

    public bool Contains(string name) => _factories.ContainsKey(name);

    /// <summary>A fresh instance of the pass.</summary>
    /// <exception cref="DiagnosticException">CML0902.</exception>
    public Pass Create(string name) =>
        _factories.TryGetValue(name, out var factory) ? factory() : throw new DiagnosticException([Unknown(name)]);

    /// <summary>The diagnostic for a name that no pass has: the nearest name and the whole list.</summary>
    public Diagnostic Unknown(string name)
    {
        string? nearest = Nearest.Hint(name, _pipelines.Keys.Concat(_infos.Select(i => i.Name)));
        return new(DiagnosticCodes.UnknownPass, Severity.Error, $"no pass is named '{name}'{(nearest is null ? "" : $"; {nearest}")}",
            Hint: $"passes: {string.Join(", ", _infos.Select(i => i.Name))}");
    }
}
