namespace CortexMl.Diagnostics;

/// <summary>The mistakes of one command line in one answer, where work alone would end at the first.</summary>
public static class AllAtOnce
{
    /// <summary>Does the work. Where a mistake ends it, all checks are made too; what they find is told behind it, each once.</summary>
    /// <param name="checks">
    /// What can be found out without the work; each throws what it finds. They are made after a mistake only, so that what can be read but
    /// once, such as a pipe, is left to the work.
    /// </param>
    /// <exception cref="DiagnosticException">What the work and the checks find; the rejection of a model stands alone.</exception>
    public static T Run<T>(Func<T> work, IEnumerable<Action> checks)
    {
        try
        {
            return work();
        }
        catch (DiagnosticException error) when (!error.IsRejection)
        {
            var found = new DiagnosticBag();
            found.AddRange(error.Diagnostics);
            foreach (var check in checks) found.Collect(check);
            throw new DiagnosticException(found.Items);
        }
    }
}
