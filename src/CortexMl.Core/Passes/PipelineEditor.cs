using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes;

//  default,my-pass@before:quantize,-fuse-scale   ⇒   dead-code,…,canonicalize,…,my-pass,quantize,…
//
// From left to right: a name of a pipeline adds its passes, a name of a pass that pass, an edit changes what is there by then.
internal sealed class PipelineEditor(PassRegistry registry, Level level, DiagnosticBag problems)
{
    private readonly List<PipelineStep> _steps = [];

    /// <summary>Whether the name of a pipeline was met: passes that ask for a place in one get it.</summary>
    private bool _isNamed;

    public Pipeline Edit(Pipeline written)
    {
        foreach (var step in written.Steps) Take(step);
        return new Pipeline(_steps);
    }

    private void Take(PipelineStep step)
    {
        if (step.IsRemoval) Remove(step.Pass[1..], written: step);
        else if (registry.FindPipeline(step.Pass) is { } named) Add(step, named);
        else if (!registry.Contains(step.Pass)) problems.Add(registry.Unknown(step.Pass));
        else Put(step with { Place = PipelinePlace.Here, Anchor = "" }, step);
    }

    private void Add(PipelineStep step, Pipeline named)
    {
        if (step.Options.Count > 0 || step.Place != PipelinePlace.Here)
            problems.Error(DiagnosticCodes.PipelineEdit, $"'{step.Pass}' is a pipeline: it has no options and no place of its own",
                hint: $"write {step.Pass},PASS{{OPTION=VALUE}}@instead to give a pass of it options");
        _isNamed = true;
        var all = registry.Edited(named, level, problems).Steps;
        int first = Enumerable.Range(0, all.Count + 1).First(i => Fits(all.Skip(i)));
        _steps.AddRange(all.Skip(first));
    }

    private bool Fits(IEnumerable<PipelineStep> steps)
    {
        var at = level;
        foreach (var pass in steps.Select(s => registry.Record(s.Pass)))
        {
            if (!pass.From.HasFlag(at)) return false;
            if (pass.ChangesLevel) at = pass.To;
        }
        return true;
    }

    private void Put(PipelineStep pass, PipelineStep written)
    {
        string anchor = written.Anchor.Length > 0 ? written.Anchor : written.Pass;
        switch (written.Place)
        {
            case PipelinePlace.Before when Has(anchor, written): _steps.Insert(First(anchor), pass); break;
            case PipelinePlace.After when Has(anchor, written): _steps.Insert(Last(anchor) + 1, pass); break;
            case PipelinePlace.Instead when Has(anchor, written):
                for (int i = 0; i < _steps.Count; i++)
                    if (_steps[i].Pass == anchor) _steps[i] = pass;
                break;
            case PipelinePlace.Here: _steps.Insert(Asked(registry.Record(pass.Pass)) ?? _steps.Count, pass); break;
        }
    }

    /// <summary>Where the pass asks to stand, as far as it stands behind a named pipeline that has what it names.</summary>
    private int? Asked(PassInfo info) =>
        !_isNamed ? null
        : info.Before is { } next && First(next) is >= 0 and var before ? before
        : info.After is { } last && Last(last) is >= 0 and var after ? after + 1 : null;

    private void Remove(string pass, PipelineStep written)
    {
        if (Has(pass, written)) _steps.RemoveAll(s => s.Pass == pass);
    }

    private bool Has(string pass, PipelineStep written)
    {
        if (First(pass) >= 0) return true;
        string? hint = Nearest.Hint(pass, _steps.Select(s => s.Pass));
        problems.Error(DiagnosticCodes.PipelineEdit,
            $"'{written}': no pass '{pass}' stands to its left{(hint is null ? "" : "; " + hint)}",
            hint: "an edit changes what is written before it: default,my-pass@before:quantize,-fuse-scale");
        return false;
    }

    private int First(string pass) => _steps.FindIndex(s => s.Pass == pass);

    private int Last(string pass) => _steps.FindLastIndex(s => s.Pass == pass);
}
